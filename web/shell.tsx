/** What is around every page: where one can go, the language, light or dark, and who is signed in. */
import { useEffect, useRef, type ReactNode } from 'react';
import {
  ActionIcon,
  Anchor,
  AppShell,
  Badge,
  Burger,
  Button,
  Container,
  Group,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout, IconMoon, IconShieldCheckFilled, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { roleWords, type Texts } from '../domain/vocabulary';
import { call } from './api';
import { useReader } from './language';
import { useLive } from './live';
import type { Me } from './session';
import { words } from './words';

/** Pages by role. */
const pages: Record<
  Me['role'] & ('supplier' | 'buyer' | 'platform'),
  readonly (readonly [to: string, label: Texts])[]
> = {
  supplier: [
    ['/orders', words.nav.orders],
    ['/credit', words.nav.credit],
    ['/money', words.nav.money],
    ['/enrolment', words.nav.enrolment],
  ],
  buyer: [['/orders', words.nav.orders]],
  platform: [
    ['/orders', words.nav.orders],
    ['/desk/overview', words.nav.overview],
    ['/desk/arbitration', words.nav.arbitration],
    ['/desk/suspense', words.nav.suspense],
    ['/desk/inbox', words.nav.inbox],
    ['/desk/members', words.nav.members],
    ['/desk/policies', words.nav.policies],
  ],
};

export const pagesOf = (role: Me['role']) => (role in pages ? pages[role as keyof typeof pages] : []);

/** Whoever goes to another page begins at its top; whoever goes back finds the place again. */
function useTopOfPage(): void {
  const [at] = useLocation();
  const wentBack = useRef(false);
  useEffect(() => {
    const note = () => {
      wentBack.current = true;
    };
    addEventListener('popstate', note);
    return () => removeEventListener('popstate', note);
  }, []);
  useEffect(() => {
    if (!wentBack.current) scrollTo(0, 0);
    wentBack.current = false;
  }, [at]);
}

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { say } = useReader();
  useTopOfPage();
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 260, breakpoint: 'md', collapsed: { desktop: true, mobile: !isOpen } }}
      padding="md"
    >
      <a href="#content" className="skip">
        {say(words.skip)}
      </a>
      <AppShell.Header>
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="lg" wrap="nowrap">
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm" aria-label={say(words.nav.menu)} />
              <Brand />
              <Group component="nav" aria-label={say(words.nav.main)} gap={4} visibleFrom="md" wrap="nowrap">
                <Places me={me} />
              </Group>
            </Group>
            <Tools me={me} />
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Navbar p="md" aria-label={say(words.nav.menu)}>
        {isOpen && <SideMenu me={me} close={close} />}
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Container size="xl" p={0}>
          {children}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

export function Brand() {
  const { say } = useReader();
  return (
    <Anchor component={Link} href="/orders" underline="never" c="inherit" aria-label={say(words.brand)}>
      <Group gap={8} wrap="nowrap">
        <IconShieldCheckFilled size={26} color="var(--mantine-color-anchor)" aria-hidden />
        <Text fw={700} size="lg" style={{ whiteSpace: 'nowrap' }} className="brand">
          {say(words.brand)}
        </Text>
      </Group>
    </Anchor>
  );
}

function Places({ me }: { me: Me }) {
  const { say } = useReader();
  const [at] = useLocation();
  return pagesOf(me.role).map(([to, label]) => {
    const isHere = at.startsWith(to);
    return (
      <Button
        key={to}
        component={Link}
        href={to}
        variant={isHere ? 'light' : 'subtle'}
        color={isHere ? 'blue' : 'gray'}
        size="compact-sm"
        {...(isHere && { 'aria-current': 'page' as const })}
      >
        {say(label)}
      </Button>
    );
  });
}

function SideMenu({ me, close }: { me: Me; close: () => void }) {
  const { say, nameOf } = useReader();
  const [at] = useLocation();
  return (
    <>
      {pagesOf(me.role).map(([to, label]) => (
        <NavLink key={to} component={Link} href={to} label={say(label)} active={at.startsWith(to)} onClick={close} />
      ))}
      <Text size="sm" c="dimmed" mt="lg" px="sm">
        {nameOf(me)} · {say(roleWords[me.role])}
      </Text>
    </>
  );
}

function Tools({ me }: { me: Me }) {
  const { say, language, setLanguage, nameOf } = useReader();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const signOut = async () => {
    await call('/portal/session', { method: 'DELETE' });
    queries.clear();
    go('/');
    location.reload();
  };
  return (
    <Group gap={6} wrap="nowrap" style={{ flexShrink: 0 }}>
      <LiveSign />
      <Text size="sm" visibleFrom="xl" truncate maw={220} title={nameOf(me)}>
        {me.userName ?? nameOf(me)}
      </Text>
      <Badge variant="light" color="gray" tt="none" visibleFrom="sm">
        {say(roleWords[me.role])}
      </Badge>
      <LanguageButton language={language} setLanguage={setLanguage} />
      <SchemeButton />
      <Tooltip label={say(words.nav.signOut)}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={say(words.nav.signOut)}
          onClick={() => void signOut()}
        >
          <IconLogout size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

export function LanguageButton({
  language,
  setLanguage,
}: Pick<ReturnType<typeof useReader>, 'language' | 'setLanguage'>) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      lang={language === 'zh' ? 'en' : 'zh-CN'}
      onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
    >
      {words.nav.language[language]}
    </Button>
  );
}

export function SchemeButton() {
  const { say } = useReader();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const label = say(scheme === 'dark' ? words.nav.light : words.nav.dark);
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function LiveSign() {
  const { say } = useReader();
  const isLive = useLive();
  const label = say(isLive ? words.states.live : words.states.reconnecting);
  return (
    <Badge variant="dot" color={isLive ? 'green' : 'orange'} tt="none" visibleFrom="md" role="status">
      {label}
    </Badge>
  );
}
