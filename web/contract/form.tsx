/** The four modules of a contract as fields (R52). Everything may be left open; confirming asks for all of it (R53). */
import { useMemo } from 'react';
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { CatalogueAnswer } from '../../clients/http/portal/answers';
import type { ContractDraft } from '../../domain/contract';
import {
  balanceWords,
  fieldWords,
  methodWords,
  moduleWords,
  transportWords,
  type Texts,
} from '../../domain/vocabulary';
import { useReader } from '../language';
import { MoneyInput } from '../order/field-input';
import { words } from '../words';

type Draft = ContractDraft;
type Line = NonNullable<Draft['product']>['lines'][number];

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  products: CatalogueAnswer['products'];
  /** Ways to pay that the scheme offers. */
  methods: readonly (keyof typeof methodWords)[];
}

const incoterms = ['EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP'] as const;

/** An object without what is not filled in. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== '')) as T;
}

export function ContractForm(props: Props) {
  const { say } = useReader();
  return (
    <Stack>
      <Fieldset legend={say(moduleWords.product)}>
        <Goods {...props} />
      </Fieldset>
      <Fieldset legend={say(moduleWords.shipping)}>
        <Shipping {...props} />
      </Fieldset>
      <Fieldset legend={say(moduleWords.payment)}>
        <Payment {...props} />
      </Fieldset>
      <Fieldset legend={say(moduleWords.contacts)}>
        <Contacts {...props} />
      </Fieldset>
    </Stack>
  );
}

function Goods({ draft, onChange, products }: Props) {
  const { say, nameOf } = useReader();
  const product = draft.product ?? { lines: [] };
  const setLines = (lines: Line[]) => onChange({ ...draft, product: { ...product, lines } });
  const set = (index: number, changes: Partial<Line>) =>
    setLines(product.lines.map((line, i) => (i === index ? without({ ...line, ...changes }) : line)));
  const named = (field: Texts, index: number) => `${say(field)} ${String(index + 1)}`;
  const choose = (index: number, id: string) => {
    const known = products.find((one) => one.id === id);
    if (!known) {
      set(index, { product: undefined });
      return;
    }
    const { name, hsCode, unit, unitPrice, minimumOrder } = known;
    set(index, {
      product: id,
      name,
      hsCode,
      unit,
      unitPrice,
      quantity: product.lines[index]?.quantity ?? minimumOrder,
    });
  };
  return (
    <Stack gap="sm">
      {product.lines.map((line, index) => (
        <Group key={index} gap="xs" align="flex-end" wrap="wrap">
          {products.length > 0 && (
            <NativeSelect
              label={named(fieldWords.product, index)}
              value={line.product ?? ''}
              onChange={(event) => choose(index, event.currentTarget.value)}
              data={[{ value: '', label: '—' }, ...products.map((one) => ({ value: one.id, label: nameOf(one) }))]}
              w={200}
            />
          )}
          <TextInput
            flex={1}
            miw={180}
            label={named(fieldWords.name, index)}
            value={line.name ?? ''}
            onChange={(e) => set(index, { name: e.currentTarget.value })}
          />
          <TextInput
            w={110}
            label={named(fieldWords.hsCode, index)}
            value={line.hsCode ?? ''}
            onChange={(e) => set(index, { hsCode: e.currentTarget.value })}
          />
          <NumberInput
            w={100}
            label={named(fieldWords.quantity, index)}
            value={line.quantity ?? ''}
            onChange={(v) => set(index, { quantity: v === '' ? undefined : Number(v) })}
            min={1}
            allowDecimal={false}
            hideControls
            thousandSeparator=","
          />
          <TextInput
            w={90}
            label={named(fieldWords.unit, index)}
            value={line.unit ?? ''}
            onChange={(e) => set(index, { unit: e.currentTarget.value })}
          />
          <MoneyInput
            label={named(fieldWords.unitPrice, index)}
            currency={line.unitPrice?.currency ?? 'USD'}
            value={line.unitPrice}
            onChange={(unitPrice) => set(index, { unitPrice })}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={`${say(words.contract.removeLine)} ${String(index + 1)}`}
            onClick={() => setLines(product.lines.filter((_, i) => i !== index))}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setLines([...product.lines, {}])}
        >
          {say(words.contract.addLine)}
        </Button>
      </Group>
      <TextInput
        label={say(fieldWords.inspectionStandard)}
        value={product.inspectionStandard ?? ''}
        onChange={(event) =>
          onChange({
            ...draft,
            product: without({ ...product, inspectionStandard: event.currentTarget.value || undefined }),
          })
        }
      />
    </Stack>
  );
}

function Shipping({ draft, onChange }: Props) {
  const { say, countries } = useReader();
  const places = useMemo(countries, [countries]);
  const shipping = draft.shipping ?? {};
  const set = (changes: NonNullable<Draft['shipping']>) =>
    onChange({ ...draft, shipping: without({ ...shipping, ...changes }) });
  const none = { value: '', label: '—' };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
      <NativeSelect
        label={say(fieldWords.incoterm)}
        value={shipping.incoterm ?? ''}
        onChange={(e) => set({ incoterm: (e.currentTarget.value || undefined) as never })}
        data={[none, ...incoterms]}
      />
      <NativeSelect
        label={say(fieldWords.method)}
        value={shipping.method ?? ''}
        onChange={(e) => set({ method: (e.currentTarget.value || undefined) as never })}
        data={[none, ...Object.entries(transportWords).map(([value, texts]) => ({ value, label: say(texts) }))]}
      />
      <NativeSelect
        label={say(fieldWords.destination)}
        value={shipping.destination ?? ''}
        onChange={(e) => set({ destination: e.currentTarget.value })}
        data={[none, ...places]}
      />
      <TextInput
        label={say(fieldWords.consignee)}
        value={shipping.consignee ?? ''}
        onChange={(e) => set({ consignee: e.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={say(fieldWords.shipBy)}
        value={shipping.shipBy ?? ''}
        onChange={(e) => set({ shipBy: e.currentTarget.value })}
      />
      <MoneyInput
        label={say(fieldWords.freight)}
        currency={shipping.freight?.currency ?? 'USD'}
        value={shipping.freight}
        onChange={(freight) => set({ freight })}
      />
    </SimpleGrid>
  );
}

function Payment({ draft, onChange, methods }: Props) {
  const { say } = useReader();
  const payment = draft.payment ?? {};
  const set = (changes: NonNullable<Draft['payment']>) =>
    onChange({ ...draft, payment: without({ ...payment, ...changes }) });
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <NumberInput
        label={say(fieldWords.advancePercent)}
        suffix=" %"
        min={1}
        max={100}
        allowDecimal={false}
        value={payment.advancePercent ?? ''}
        onChange={(v) => set({ advancePercent: v === '' ? undefined : Number(v) })}
      />
      <NativeSelect
        label={say(fieldWords.balance)}
        value={payment.balance ?? ''}
        onChange={(e) => set({ balance: (e.currentTarget.value || undefined) as never })}
        data={[
          { value: '', label: '—' },
          ...Object.entries(balanceWords).map(([value, texts]) => ({ value, label: say(texts) })),
        ]}
      />
      <Checkbox.Group
        label={say(fieldWords.methods)}
        value={payment.methods ?? []}
        onChange={(chosen) => set({ methods: chosen.length > 0 ? chosen : undefined })}
      >
        <Stack gap={6} mt={6}>
          {methods.map((method) => (
            <Checkbox key={method} value={method} label={say(methodWords[method])} />
          ))}
        </Stack>
      </Checkbox.Group>
    </SimpleGrid>
  );
}

function Contacts({ draft, onChange }: Props) {
  const { say, pair } = useReader();
  const contacts = draft.contacts ?? {};
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {(['supplier', 'buyer'] as const).map((side) => {
        const person = contacts[side] ?? {};
        const set = (changes: typeof person) =>
          onChange({ ...draft, contacts: { ...contacts, [side]: without({ ...person, ...changes }) } });
        const label = (field: Texts) => pair(say(fieldWords[side]), say(field));
        return (
          <Stack key={side} gap="xs">
            <TextInput
              label={label(fieldWords.name)}
              value={person.name ?? ''}
              onChange={(e) => set({ name: e.currentTarget.value })}
            />
            <TextInput
              type="email"
              label={label(fieldWords.email)}
              value={person.email ?? ''}
              onChange={(e) => set({ email: e.currentTarget.value })}
            />
            <TextInput
              type="tel"
              label={label(fieldWords.phone)}
              value={person.phone ?? ''}
              onChange={(e) => set({ phone: e.currentTarget.value })}
            />
          </Stack>
        );
      })}
    </SimpleGrid>
  );
}
