/** Starting an order: a buyer from a supplier's products, a supplier for a buyer (R23, R28, R46, R51). Kept as it is typed. */
import { useRef } from 'react';
import { Button, Checkbox, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { CatalogueAnswer } from '../../clients/http/portal/answers';
import type { ContractDraft } from '../../domain/contract';
import { fieldWords } from '../../domain/vocabulary';
import { call } from '../api';
import { ContractForm } from '../contract/form';
import { useReader } from '../language';
import { Failed, Loading, Page, Section } from '../parts';
import { useMe, type Me } from '../session';
import { words } from '../words';

interface Kept {
  other: string;
  reference: string;
  atOnce: boolean;
  contract: ContractDraft;
}

/** A draft before anything was typed: the reader's own contact is known already. */
const emptyOf = ({ role, contact }: Me): Kept => ({
  other: '',
  reference: '',
  atOnce: false,
  contract: {
    product: { lines: [{}] },
    payment: { methods: ['tt'] },
    ...(contact && { contacts: { [role]: contact } }),
  },
});

export default function Start() {
  const { say } = useReader();
  const me = useMe();
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: () => call<CatalogueAnswer>('/portal/catalogue') });
  return (
    <Page title={say(words.nav.startOrder)}>
      {catalogue.error ? (
        <Failed fault={catalogue.error} />
      ) : catalogue.data ? (
        <Editor me={me} catalogue={catalogue.data} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

/** R28, R51: what the draft comes from. */
function sourceOf({ role }: Me, { reference, atOnce }: Kept): object {
  if (role === 'buyer')
    return { kind: atOnce ? 'start-order' : 'inquiry', page: 'product-page', ...(reference && { reference }) };
  return reference ? { kind: 'purchase-order', reference } : { kind: 'scratch' };
}

function Editor({ me, catalogue }: { me: Me; catalogue: CatalogueAnswer }) {
  const { say, nameOf } = useReader();
  const [, go] = useLocation();
  const [kept, setKept, forget] = useLocalStorage<Kept>({
    key: `ta-draft ${me.role} ${me.member} new`,
    defaultValue: emptyOf(me),
    getInitialValueInEffect: false,
  });
  const set = (changes: Partial<Kept>) => setKept((before) => ({ ...before, ...changes }));
  const isBuyer = me.role === 'buyer';
  const others = isBuyer ? catalogue.suppliers : catalogue.buyers;
  const [supplier, buyer] = isBuyer ? [kept.other, me.member] : [me.member, kept.other];
  const key = useRef(crypto.randomUUID());
  const start = useMutation({
    mutationFn: () =>
      call<{ order: string }>('/v1/orders', {
        method: 'POST',
        key: key.current,
        body: {
          scheme: 'trade-assurance',
          supplier,
          buyer,
          source: sourceOf(me, kept),
          contract: kept.contract,
          ...(kept.atOnce && { confirm: true }),
        },
      }),
    onError: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: ({ order }) => {
      forget();
      go(`/orders/${order}`);
    },
  });
  return (
    <>
      <Section title={say(words.contract.withWhom)}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NativeSelect
            label={say(isBuyer ? fieldWords.supplier : fieldWords.buyer)}
            required
            value={kept.other}
            onChange={(event) => set({ other: event.currentTarget.value })}
            data={[{ value: '', label: '—' }, ...others.map((one) => ({ value: one.id, label: nameOf(one) }))]}
          />
          <TextInput
            label={say(words.contract.reference)}
            value={kept.reference}
            onChange={(event) => set({ reference: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Section>
      <Section title={say(words.order.contract)}>
        <ContractForm
          draft={kept.contract}
          onChange={(contract) => set({ contract })}
          products={catalogue.products.filter((one) => one.supplier === supplier)}
          methods={['tt', 'card', 'e-checking']}
        />
      </Section>
      <Checkbox
        label={say(words.contract.confirmAtOnce)}
        checked={kept.atOnce}
        onChange={(event) => set({ atOnce: event.currentTarget.checked })}
      />
      {start.error && <Failed fault={start.error} />}
      <Group>
        <Button disabled={kept.other === ''} loading={start.isPending} onClick={() => start.mutate()}>
          {say(words.nav.startOrder)}
        </Button>
        <Button variant="default" onClick={() => setKept(emptyOf(me))}>
          {say(words.contract.reset)}
        </Button>
      </Group>
    </>
  );
}
