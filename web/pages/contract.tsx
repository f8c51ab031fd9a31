/** Revising a contract while the two negotiate, or proposing to amend it once both have confirmed (R52). Kept as it is typed. */
import { useRef } from 'react';
import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { CatalogueAnswer, OrderPageAnswer } from '../../clients/http/portal/answers';
import type { ContractDraft, ContractModule } from '../../domain/contract';
import { messageWords } from '../../domain/message-words';
import { moduleWords } from '../../domain/vocabulary';
import { call } from '../api';
import { ContractForm } from '../contract/form';
import { useReader } from '../language';
import { orderQuery } from '../order/query';
import { Failed, Loading, Page, Section } from '../parts';
import { useMe } from '../session';
import { useTold } from '../told';
import { words } from '../words';

export default function Contract({ id }: { id: string }) {
  const order = useQuery(orderQuery(id));
  if (order.error) return <Failed fault={order.error} />;
  return order.data ? <Editor page={order.data} /> : <Loading />;
}

const modules = ['product', 'shipping', 'payment', 'contacts'] as const satisfies ContractModule[];

/** The modules that differ. */
const changesOf = (before: ContractDraft, now: ContractDraft): ContractDraft =>
  Object.fromEntries(
    modules
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
      .map((name) => [name, now[name]]),
  );

/** What is being written, of this reader, on this revision: still there after the page was closed. */
function useKept(page: OrderPageAnswer) {
  const me = useMe();
  const { id, revision, contract } = page.view;
  return useLocalStorage<ContractDraft>({
    key: `ta-draft ${me.role} ${me.member} ${id} ${String(revision)}`,
    defaultValue: contract,
    getInitialValueInEffect: false,
  });
}

function Editor({ page }: { page: OrderPageAnswer }) {
  const { say, list, pair } = useReader();
  const told = useTold();
  const { view, policy } = page;
  const [draft, setDraft, forget] = useKept(page);
  const [, go] = useLocation();
  const queries = useQueryClient();
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: () => call<CatalogueAnswer>('/portal/catalogue') });
  const changes = changesOf(view.contract, draft);
  const changed = Object.keys(changes) as ContractModule[];
  const isProposal = view.confirmedAt !== undefined;
  const name = isProposal ? 'proposeAmendment' : 'revise';
  const key = useRef(crypto.randomUUID());
  const send = useMutation({
    mutationFn: () =>
      call(`/v1/orders/${encodeURIComponent(view.id)}/messages/${name}`, {
        method: 'POST',
        body: { changes, ...(!isProposal && { baseRevision: view.revision }) },
        key: key.current,
      }),
    onError: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      forget();
      told(words.action.sent);
      await queries.invalidateQueries({ queryKey: ['order', view.id] });
      go(`/orders/${view.id}`);
    },
  });
  return (
    <Page title={pair(say(messageWords[name].label), view.id)}>
      <Anchor component={Link} href={`/orders/${view.id}`} size="sm">
        {say(words.contract.back)}
      </Anchor>
      <Section
        title={say(words.order.revision(view.revision))}
        aside={
          <Text size="sm" c="dimmed">
            {say(words.contract.kept)}
          </Text>
        }
      >
        <ContractForm
          draft={draft}
          onChange={setDraft}
          products={(catalogue.data?.products ?? []).filter(({ supplier }) => supplier === view.supplier)}
          methods={policy.methods.map(({ method }) => method)}
        />
      </Section>
      <Alert color="blue" title={say(words.action.willHappen)}>
        {changed.length === 0
          ? say(words.contract.nothingChanged)
          : say(words.contract.changes(list(changed.map((module) => say(moduleWords[module])))))}{' '}
        {changed.length > 0 && say(isProposal ? words.contract.otherAccepts : words.contract.withdraws)}
      </Alert>
      {send.error && <Failed fault={send.error} />}
      <Group>
        <Button disabled={changed.length === 0} loading={send.isPending} onClick={() => send.mutate()}>
          {say(words.action.send)}
        </Button>
        <Button variant="default" onClick={() => setDraft(view.contract)}>
          {say(words.contract.reset)}
        </Button>
      </Group>
    </Page>
  );
}
