/** Signing in: by choosing a seat where the server is an embedded one, else with a token of the issuer. */
import { useState } from 'react';
import {
  Button,
  Card,
  Container,
  Group,
  PasswordInput,
  Select,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Seat } from '../../clients/http/portal/answers';
import { assuranceWords, roleWords, userRoleWords } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Failed, usePageTitle } from '../parts';
import { useSession } from '../session';
import { Brand, LanguageButton, SchemeButton } from '../shell';
import { words } from '../words';

interface Credentials {
  role?: string;
  member?: string;
  user?: string;
  token?: string;
}

export default function SignIn() {
  const { seats } = useSession();
  const reader = useReader();
  const queries = useQueryClient();
  usePageTitle(reader.say(words.signIn.title));
  const signIn = useMutation({
    mutationFn: (body: Credentials) => call('/portal/session', { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
  return (
    <Container size="md" py="xl" component="main">
      <Group justify="space-between" mb="xl">
        <Brand />
        <Group gap={6}>
          <LanguageButton {...reader} />
          <SchemeButton />
        </Group>
      </Group>
      <Title order={1} size="h2" mb="xs">
        {reader.say(words.signIn.title)}
      </Title>
      {signIn.error && <Failed fault={signIn.error} />}
      {seats ? <Seats seats={seats} onChoose={signIn.mutate} /> : <Token onSend={signIn.mutate} />}
    </Container>
  );
}

const roles = ['supplier', 'buyer', 'platform'] as const;

function Seats({ seats, onChoose }: { seats: Seat[]; onChoose: (who: Credentials) => void }) {
  const { say, nameOf } = useReader();
  const [role, setRole] = useState<string>('buyer');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = seats.filter(
    (seat) => seat.role === role && `${seat.id} ${seat.name} ${seat.localName ?? ''}`.toLowerCase().includes(wanted),
  );
  return (
    <Stack>
      <Text c="dimmed">{say(words.signIn.choose)}</Text>
      <SegmentedControl
        aria-label={say(words.signIn.as)}
        value={role}
        onChange={setRole}
        data={roles.map((value) => ({ value, label: say(roleWords[value]) }))}
      />
      <TextInput
        aria-label={say(words.signIn.search)}
        placeholder={say(words.signIn.search)}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {shown.map((seat) => (
          <SeatCard key={`${seat.role} ${seat.id}`} seat={seat} name={nameOf(seat)} onChoose={onChoose} />
        ))}
      </Stack>
    </Stack>
  );
}

function SeatCard({ seat, name, onChoose }: { seat: Seat; name: string; onChoose: (who: Credentials) => void }) {
  const { say, country } = useReader();
  const [user, setUser] = useState<string | null>('');
  const users = [
    { value: '', label: say(words.signIn.company) },
    ...seat.users.map(({ id, name: called, role }) => ({
      value: id,
      label: `${called} · ${say(userRoleWords[role as keyof typeof userRoleWords])}`,
    })),
  ];
  const place = [seat.city, seat.country && country(seat.country)].filter(Boolean).join(', ');
  return (
    <Card withBorder component="li" padding="sm">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {[seat.id, place, seat.assurance && say(assuranceWords[seat.assurance])].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          {seat.users.length > 0 && (
            <Select
              aria-label={`${say(words.signIn.as)}: ${name}`}
              data={users}
              value={user}
              onChange={setUser}
              allowDeselect={false}
              w={220}
            />
          )}
          <Button
            onClick={() => onChoose({ role: seat.role, member: seat.id, ...(user && { user }) })}
            aria-label={`${say(words.signIn.title)}: ${name}`}
          >
            {say(words.signIn.title)}
          </Button>
        </Group>
      </Group>
    </Card>
  );
}

function Token({ onSend }: { onSend: (who: Credentials) => void }) {
  const { say } = useReader();
  const [token, setToken] = useState('');
  return (
    <Stack
      component="form"
      onSubmit={(event: React.SubmitEvent) => {
        event.preventDefault();
        onSend({ token: token.trim() });
      }}
    >
      <Text c="dimmed">{say(words.signIn.withToken)}</Text>
      <PasswordInput
        label={say(words.signIn.token)}
        value={token}
        onChange={(e) => setToken(e.currentTarget.value)}
        required
      />
      <Button type="submit" style={{ alignSelf: 'flex-start' }}>
        {say(words.signIn.title)}
      </Button>
    </Stack>
  );
}
