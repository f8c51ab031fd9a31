/** A supplier's credit limit: how much, how it came about, how it went over the months, and what of it is in use (R1, R3, R11). */
import { lazy, Suspense } from 'react';
import { Alert, Badge, Group, List, Progress, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { call } from '../api';
import { Exposure } from '../charts/exposure';
import { useReader } from '../language';
import { Empty, Failed, Loading, Money, Page, Section } from '../parts';
import { useMe } from '../session';
import { words } from '../words';

const LimitChart = lazy(() => import('../charts/limit'));
const RateChart = lazy(() => import('../charts/rate'));

export default function Credit() {
  const { say } = useReader();
  const { member } = useMe();
  const credit = useQuery({
    queryKey: ['credit', member],
    queryFn: () => call<CreditAnswer>(`/portal/credit/${member}`),
  });
  return (
    <Page title={say(words.nav.credit)}>
      {credit.error ? (
        <Failed fault={credit.error} again={() => void credit.refetch()} />
      ) : credit.data ? (
        <Body of={credit.data} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Body({ of }: { of: CreditAnswer }) {
  const { say, number, language } = useReader();
  const { limit, openCover } = of;
  const free = { ...limit.limit, amount: Math.max(0, limit.limit.amount - openCover.amount) };
  const used = limit.limit.amount > 0 ? Math.min(100, (openCover.amount * 100) / limit.limit.amount) : 0;
  return (
    <>
      {limit.suspended && <Alert color="red" title={say(words.credit.suspended)} />}
      <Section title={say(words.credit.today)}>
        <SimpleGrid cols={{ base: 1, xs: 3 }} mb="sm">
          <Figure label={say(words.nav.credit)}>
            <Money of={limit.limit} />
          </Figure>
          <Figure label={say(words.credit.inUse)}>
            <Money of={openCover} />
          </Figure>
          <Figure label={say(words.credit.free)}>
            <Money of={free} />
          </Figure>
        </SimpleGrid>
        <Progress value={used} aria-label={say(words.credit.inUse)} color={used > 90 ? 'orange' : 'blue'} />
        <Group mt="md" gap="xs">
          <Badge variant="light" tt="none" size="lg">
            {say(words.credit.grade(limit.grade))}
          </Badge>
          <Badge variant="light" color="teal" tt="none" size="lg">
            {say(words.credit.points(number(of.points)))}
          </Badge>
          {of.labels.map((label) => (
            <Badge key={label.id} variant="light" color="gray" tt="none" size="lg">
              {label[language]}
            </Badge>
          ))}
        </Group>
      </Section>
      <Section title={say(words.credit.overTime)}>
        <Suspense fallback={<Loading />}>
          <LimitChart months={of.months} />
        </Suspense>
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={say(words.credit.why)}>
          <Explanation of={of} />
        </Section>
        <Section title={say(words.credit.onTime)}>
          <Suspense fallback={<Loading />}>
            <RateChart months={of.months} />
          </Suspense>
        </Section>
      </SimpleGrid>
      <Section title={say(words.credit.exposure)}>
        {of.exposure.length === 0 ? (
          <Empty>{say(words.credit.nothingCovered)}</Empty>
        ) : (
          <Exposure exposure={of.exposure} limit={limit} />
        )}
      </Section>
    </>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={700}>
        {children}
      </Text>
    </div>
  );
}

/** Line by line; the scores and sums in both languages, the engine's own lines in English. */
function Explanation({ of: { limit } }: { of: CreditAnswer }) {
  const { say, money, day, language } = useReader();
  const { scores } = limit;
  const lines = [
    words.credit.volume(money(limit.volume.counted)),
    words.credit.scores(scores.onTime, scores.undisputed, scores.reviews, scores.verification, scores.total),
    words.credit.gradeLine(limit.grade, limit.ratePercent, money(limit.cap)),
    words.credit.earned(money(limit.earned)),
    ...limit.deductions.map(({ kind, order, percent, of, endsOn }) =>
      words.credit.deduction(words.credit.deductionKinds[kind], order, percent, money(of), endsOn ? day(endsOn) : ''),
    ),
    ...(limit.strikes > 0 ? [words.credit.strikes(limit.strikes)] : []),
    words.credit.result(money(limit.limit)),
  ];
  return (
    <>
      <List size="sm" spacing={6} type="ordered">
        {lines.map((line) => (
          <List.Item key={line.en}>{say(line)}</List.Item>
        ))}
      </List>
      {language === 'en' && (
        <details>
          <summary>{say(words.credit.inDetail)}</summary>
          <List size="sm" mt="xs" spacing={4}>
            {limit.steps.map((step) => (
              <List.Item key={step}>{step}</List.Item>
            ))}
          </List>
        </details>
      )}
    </>
  );
}
