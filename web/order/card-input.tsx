/**
 * A card as the payer types it. Its number goes from the browser to the card processor, which answers with a token; only that is
 * passed on (R48). Where no address of the processor is set, one has a token already.
 */
import { useEffect, useState } from 'react';
import { Anchor, Fieldset, List, Loader, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useReader } from '../language';
import { useSession } from '../session';
import { words } from '../words';

interface Props {
  /** A bank account by e-checking in place of a card. */
  isAccount: boolean;
  onToken: (token: string | undefined) => void;
}

export function CardInput(props: Props) {
  const { say } = useReader();
  const { cardTokensUrl } = useSession();
  const [token, setToken] = useState('');
  if (cardTokensUrl !== undefined) return <Fields {...props} url={cardTokensUrl} />;
  return (
    <TextInput
      label={say(words.card.token)}
      description={say(words.card.tokenHelp)}
      required
      value={token}
      onChange={({ currentTarget: { value } }) => {
        setToken(value);
        props.onToken(value.trim() || undefined);
      }}
    />
  );
}

type Typed = Record<'number' | 'expiry' | 'cvc' | 'account', string>;
type Wrong = keyof Typed;

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

/** The check digit of a card's number (ISO/IEC 7812). */
const hasCheckDigit = (digits: string): boolean =>
  Array.from(digits)
    .reverse()
    .reduce((sum, digit, place) => {
      const twice = Number(digit) * (1 + (place % 2));
      return sum + (twice > 9 ? twice - 9 : twice);
    }, 0) %
    10 ===
  0;

/** What can be told to be wrong before the processor is asked. */
function wrongOf({ number, expiry, cvc }: Typed): Wrong | undefined {
  const digits = digitsOf(number);
  if (digits.length < 12 || digits.length > 19 || !hasCheckDigit(digits)) return 'number';
  if (!/^(0[1-9]|1[0-2])\/\d\d$/.test(expiry)) return 'expiry';
  return /^\d{3,4}$/.test(cvc) ? undefined : 'cvc';
}

/** Asks the processor for the token of what stands in the form. @throws Wrong the field that the processor does not take */
async function tokenFrom(url: string, body: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
  });
  const answer = (await response.json()) as { token?: string; detail?: string };
  if (answer.token !== undefined) return answer.token;
  throw new Error(answer.detail?.split(':')[0] ?? 'number');
}

/** What is typed as the processor is asked for it; nothing while it is not whole. */
function askedOf(isAccount: boolean, typed: Typed): object | undefined {
  if (isAccount) return typed.account.length >= 4 ? { account: digitsOf(typed.account) } : undefined;
  const { number, expiry, cvc } = typed;
  return wrongOf(typed) === undefined ? { number: digitsOf(number), expiry, cvc } : undefined;
}

function Fields({ url, isAccount, onToken }: Props & { url: string }) {
  const { say } = useReader();
  const [typed, setTyped] = useState<Typed>({ number: '', expiry: '', cvc: '', account: '' });
  const [left, setLeft] = useState<readonly Wrong[]>([]);
  const asked = askedOf(isAccount, typed);
  const [settled] = useDebouncedValue(asked && JSON.stringify(asked), 300);
  const token = useQuery({
    queryKey: ['card-token', settled],
    enabled: settled !== undefined,
    queryFn: () => tokenFrom(url, JSON.parse(settled ?? '{}') as object),
    retry: false,
    gcTime: 0, // a card's number is not kept
  });
  const known = asked !== undefined && settled === JSON.stringify(asked) ? token.data : undefined;
  useEffect(() => onToken(known), [known]);
  const refused = token.error && settled !== undefined ? (token.error.message as Wrong) : undefined;
  const wrong = asked ? refused : wrongOf(typed);
  const field = (name: Wrong) => ({
    label: say(words.card[name]),
    required: true,
    inputMode: 'numeric' as const,
    value: typed[name],
    onBlur: () => typed[name] !== '' && setLeft([...left, name]),
    ...(wrong === name && (asked || left.includes(name)) && { error: say(words.card.wrong[name]) }),
  });
  const set = (changes: Partial<Typed>) => setTyped({ ...typed, ...changes });
  return (
    <Fieldset legend={say(isAccount ? words.card.accountTitle : words.card.title)}>
      <Stack gap="sm">
        {isAccount ? (
          <TextInput {...field('account')} onChange={(e) => set({ account: digitsOf(e.currentTarget.value) })} />
        ) : (
          <>
            <TextInput
              {...field('number')}
              autoComplete="cc-number"
              placeholder="0000 0000 0000 0000"
              rightSection={token.isFetching && <Loader size="xs" aria-hidden />}
              onChange={(e) => set({ number: grouped(e.currentTarget.value) })}
            />
            <SimpleGrid cols={2}>
              <TextInput
                {...field('expiry')}
                autoComplete="cc-exp"
                placeholder="08/29"
                onChange={(e) => set({ expiry: monthAndYear(e.currentTarget.value) })}
              />
              <TextInput
                {...field('cvc')}
                autoComplete="cc-csc"
                placeholder="123"
                onChange={(e) => set({ cvc: digitsOf(e.currentTarget.value).slice(0, 4) })}
              />
            </SimpleGrid>
          </>
        )}
        <Text size="xs" c="dimmed" role="status">
          {say(known === undefined ? words.card.toProcessor : words.card.known)}
        </Text>
        <TestNumbers
          isAccount={isAccount}
          use={(number) =>
            setTyped(
              isAccount
                ? { ...typed, account: number }
                : { ...typed, number: grouped(number), expiry: typed.expiry || '08/49', cvc: typed.cvc || '123' },
            )
          }
        />
      </Stack>
    </Fieldset>
  );
}

/** In fours, as it stands on the card. */
const grouped = (text: string): string =>
  digitsOf(text)
    .slice(0, 19)
    .replaceAll(/(\d{4})(?=\d)/g, '$1 ');

const monthAndYear = (text: string): string => {
  const digits = digitsOf(text).slice(0, 4);
  return digits.length > 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
};

const { outcomes } = words.card;
const testCards = [
  ['4242 4242 4242 4242', outcomes.ok],
  ['4000 0000 0000 9995', outcomes.declined],
  ['4000 0000 0000 0077', outcomes.slow],
  ['4000 0000 0000 0002', outcomes.slowDeclined],
] as const;
const testAccounts = [
  ['000123456789', outcomes.ok],
  ['000222222227', outcomes.declined],
  ['000111111116', outcomes.returned],
] as const;

function TestNumbers({ isAccount, use }: { isAccount: boolean; use: (number: string) => void }) {
  const { say } = useReader();
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {say(words.card.test)}
      </Text>
      <List size="xs" spacing={2}>
        {(isAccount ? testAccounts : testCards).map(([number, outcome]) => (
          <List.Item key={number}>
            <Anchor
              component="button"
              type="button"
              size="xs"
              className="figures"
              aria-label={say(words.card.use(number))}
              onClick={() => use(number)}
            >
              {number}
            </Anchor>{' '}
            {say(outcome)}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
