/** Small parts that every page uses: states, amounts, deadlines, lists of facts. */
import { useEffect, type ReactNode } from 'react';
import {
  Alert,
  Badge,
  Button,
  Card,
  Center,
  Group,
  Loader,
  Stack,
  Table,
  Text,
  Title,
  VisuallyHidden,
  type TableProps,
  type TextProps,
} from '@mantine/core';
import { Link } from 'wouter';
import type { Money as Amount } from '../domain/money';
import type { OrderStatus } from '../domain/order';
import { statusWords, type Texts } from '../domain/vocabulary';
import { fieldName } from '../domain/field-names';
import { Problem } from './api';
import { useReader } from './language';
import { words } from './words';

export function Loading() {
  const { say } = useReader();
  return (
    <Center mih={200} role="status">
      <Loader aria-hidden />
      <VisuallyHidden>{say(words.states.loading)}</VisuallyHidden>
    </Center>
  );
}

export const faultText = (fault: unknown, language: 'en' | 'zh'): string =>
  fault instanceof Problem ? fault.in(language) : words.states.failed[language];

/** A problem's detail with the names that the forms have for fields, and instants as the reader reads them. */
export function Detail({ fault }: { fault: unknown }) {
  const { say, inBothZones } = useReader();
  if (!(fault instanceof Problem) || fault.details.detail === undefined) return null;
  const told = fault.details.detail
    .replaceAll(
      /(?:data\.|changes\.|contract\.)*((?:product|shipping|payment|contacts)\.[\w.]*\w)/g,
      (_, path: string) => say(fieldName(path)),
    )
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => inBothZones(instant));
  return <Text size="sm">{told}</Text>;
}

export function Failed({ fault, again }: { fault: unknown; again?: () => void }) {
  const { say, language } = useReader();
  return (
    <Alert color="red" title={faultText(fault, language)} role="alert" my="md">
      <Detail fault={fault} />
      {again && (
        <Button mt="sm" variant="default" size="xs" onClick={again}>
          {say(words.states.again)}
        </Button>
      )}
    </Alert>
  );
}

export const Empty = ({ children }: { children: ReactNode }) => (
  <Text size="sm" c="dimmed" py="xs">
    {children}
  </Text>
);

/** The page's title, in the tab and for screen readers. */
export function usePageTitle(title: string): void {
  const { say } = useReader();
  const brand = say(words.brand);
  useEffect(() => {
    document.title = `${title} · ${brand}`;
  }, [title, brand]);
}

interface SectionProps {
  id?: string;
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

export const Section = ({ id, title, aside, children }: SectionProps) => (
  <Card withBorder component="section" id={id} padding="lg">
    <Group justify="space-between" mb="sm" gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      {aside}
    </Group>
    {children}
  </Card>
);

/** A table that is scrolled sideways where the page is narrower than it; the keyboard gets there, too. */
export const WideTable = ({ label, ...table }: TableProps & { label: string }) => (
  <div className="scroll-x" tabIndex={0} role="region" aria-label={label}>
    <Table verticalSpacing="xs" {...table} />
  </div>
);

/** An order's number, as the way to its page. */
export const OrderLink = ({ id, ...text }: { id: string } & Pick<TextProps, 'size' | 'className'>) => (
  <Text
    component={Link}
    href={`/orders/${id}`}
    fw={600}
    c="var(--mantine-color-anchor)"
    className="breakable"
    {...text}
  >
    {id}
  </Text>
);

export function Money({ of }: { of: Amount }) {
  const { money } = useReader();
  return <span className="figures">{money(of)}</span>;
}

/** An instant in the reader's time zone, and in China's where that is another. */
export function Instant({ at }: { at: string }) {
  const reader = useReader();
  return (
    <time dateTime={at}>
      {reader.at(at)}
      {!reader.isInChina && (
        <Text span inherit c="dimmed">
          {` · ${reader.china} ${reader.atInChina(at)}`}
        </Text>
      )}
    </time>
  );
}

/** A deadline: when, in both time zones, and how long that is. */
export function Deadline({ at }: { at: string }) {
  const { fromNow } = useReader();
  const ms = Date.parse(at) - Date.now();
  const color = ms < 0 ? 'red' : ms < 3 * 86_400_000 ? 'orange' : 'gray';
  return (
    <Group gap="xs" component="span">
      <Instant at={at} />
      <Badge color={color} variant="light" tt="none">
        {fromNow(at)}
      </Badge>
    </Group>
  );
}

export type Fact = readonly [label: Texts, value: ReactNode] | false | undefined;

/** Labels and values; what there is nothing to say of is left out. */
export function Facts({ of }: { of: readonly Fact[] }) {
  const { say } = useReader();
  return (
    <dl className="facts">
      {of.map(
        (fact) =>
          fact && (
            <div key={fact[0].en} style={{ display: 'contents' }}>
              <dt>{say(fact[0])}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const statusColours: Partial<Record<OrderStatus, string>> = {
  completed: 'green',
  'awaiting-reviews': 'teal',
  'closed-unpaid': 'gray',
  cancelled: 'gray',
  refunded: 'gray',
  lapsed: 'gray',
  'awaiting-payment': 'orange',
  'awaiting-balance': 'orange',
};

export function StatusBadge({ status }: { status: OrderStatus }) {
  const { say } = useReader();
  return (
    <Badge color={statusColours[status] ?? 'blue'} variant="light" tt="none" size="lg" radius="sm">
      {say(statusWords[status])}
    </Badge>
  );
}

export const Page = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => {
  usePageTitle(title);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Title order={1} size="h2">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Stack>
  );
};
