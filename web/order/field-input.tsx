/** One field of a form, by its kind. */
import { useEffect, useState } from 'react';
import {
  Box,
  FileInput,
  Group,
  Input,
  NumberInput,
  Radio,
  Rating,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Money } from '../../domain/money';
import { fieldWords, unitWords } from '../../domain/vocabulary';
import { upload } from '../api';
import { digitsOf, useReader } from '../language';
import { faultText } from '../parts';
import { words } from '../words';
import { CardInput } from './card-input';
import type { Field, Values } from './forms';

interface Props {
  field: Field;
  order: string;
  values: Values;
  set: (changes: Values) => void;
}

export function FieldInput({ field, order, values, set }: Props) {
  const { say } = useReader();
  const common = {
    label: say(field.label),
    required: !field.optional,
    withAsterisk: !field.optional,
    ...(field.help && { description: say(field.help) }),
  };
  const value = values[field.name];
  switch (field.kind) {
    case 'text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxLength={2000}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set({ [field.name]: event.currentTarget.value })}
        />
      );
    case 'line':
      return (
        <TextInput
          {...common}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set({ [field.name]: event.currentTarget.value })}
        />
      );
    case 'money':
      return (
        <MoneyInput
          {...common}
          currency={field.currency}
          value={value as Money | undefined}
          onChange={(amount) => set({ [field.name]: amount })}
        />
      );
    case 'choice':
      return (
        <Radio.Group
          {...common}
          value={typeof value === 'string' ? value : ''}
          onChange={(chosen) => set({ [field.name]: chosen })}
        >
          <Stack gap="xs" mt="xs">
            {field.options.map((option) => (
              <Radio key={option.value} value={option.value} label={say(option.label)} />
            ))}
          </Stack>
        </Radio.Group>
      );
    case 'stars':
      return (
        <Input.Wrapper {...common} labelElement="div">
          <Rating
            size="xl"
            value={typeof value === 'number' ? value : 0}
            onChange={(stars) => set({ [field.name]: stars })}
            getSymbolLabel={(stars) => say(words.reviews.stars(stars))}
          />
        </Input.Wrapper>
      );
    case 'file':
      return <Upload label={common.label} order={order} set={set} name={field.name} />;
    case 'card':
      return (
        <CardInput
          key={values.method === 'e-checking' ? 'account' : 'card'}
          isAccount={values.method === 'e-checking'}
          onToken={(token) => set({ [field.name]: token })}
        />
      );
    case 'goods':
      return (
        <Goods
          label={common.label}
          lines={value as GoodsLine[]}
          onChange={(lines) => set({ [field.name]: lines as never })}
        />
      );
  }
}

interface MoneyProps {
  label: string;
  'aria-label'?: string;
  currency: string;
  value: Money | undefined;
  onChange: (value: Money | undefined) => void;
  required?: boolean;
  withAsterisk?: boolean;
  description?: string;
  hideControls?: boolean;
}

/** An amount in whole units and decimals as people write it; minor units as everything else counts. */
export function MoneyInput({ currency, value, onChange, label, ...rest }: MoneyProps) {
  const digits = digitsOf(currency);
  return (
    <NumberInput
      {...rest}
      {...(label !== '' && { label })}
      value={value === undefined ? '' : value.amount / 10 ** digits}
      onChange={(typed) =>
        onChange(
          typed === ''
            ? undefined
            : { amount: Math.round(Number(typed) * 10 ** digits), currency: currency as Money['currency'] },
        )
      }
      min={0}
      decimalScale={digits}
      fixedDecimalScale
      thousandSeparator=","
      allowNegative={false}
      hideControls
      leftSection={
        <Text size="xs" c="dimmed">
          {currency}
        </Text>
      }
      leftSectionWidth={48}
    />
  );
}

interface Stored {
  link: string;
  sha256: string;
}

/** The file is stored as soon as it is chosen; the message then refers to it. */
function Upload({
  label,
  order,
  set,
  name,
}: {
  label: string;
  order: string;
  set: (changes: Values) => void;
  name: string;
}) {
  const { language, say } = useReader();
  const [file, setFile] = useState<File | null>(null);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (chosen: File) => upload<Stored>(`/portal/orders/${encodeURIComponent(order)}/files`, chosen),
    onSuccess: ({ link, sha256 }) => set({ [name]: link, sha256 }),
  });
  useEffect(() => {
    if (file) mutate(file);
    else set({ [name]: undefined, sha256: undefined });
    // Only another file is stored again.
  }, [file]);
  return (
    <FileInput
      label={label}
      accept="application/pdf,image/png,image/jpeg"
      clearable
      clearButtonProps={{ 'aria-label': say(words.list.clear) }}
      value={file}
      onChange={setFile}
      disabled={isPending}
      {...(error && { error: faultText(error, language) })}
    />
  );
}

interface GoodsLine {
  hsCode?: string;
  name?: string;
  quantity?: number;
  unit?: string;
  value?: Money;
}

/** Lines of declared goods, as the contract has them, to be corrected. */
function Goods({
  label,
  lines,
  onChange,
}: {
  label: string;
  lines: GoodsLine[];
  onChange: (lines: GoodsLine[]) => void;
}) {
  const { say } = useReader();
  const set = (index: number, changes: GoodsLine) =>
    onChange(lines.map((line, i) => (i === index ? { ...line, ...changes } : line)));
  const named = (field: { en: string; zh: string }, index: number) => `${say(field)} ${String(index + 1)}`;
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Stack gap="sm">
        {lines.map((line, index) => (
          <Group key={index} gap={6} role="group" aria-label={`${label} ${String(index + 1)}`}>
            <TextInput
              aria-label={named(fieldWords.hsCode, index)}
              value={line.hsCode ?? ''}
              onChange={(e) => set(index, { hsCode: e.currentTarget.value })}
              w={110}
            />
            <TextInput
              aria-label={named(fieldWords.name, index)}
              value={line.name ?? ''}
              onChange={(e) => set(index, { name: e.currentTarget.value })}
              flex={1}
              miw={140}
            />
            <NumberInput
              aria-label={named(fieldWords.quantity, index)}
              value={line.quantity ?? ''}
              onChange={(v) => set(index, { quantity: Number(v) })}
              min={1}
              hideControls
              w={80}
            />
            <Text size="sm">{say(unitWords(line.unit ?? ''))}</Text>
            <Box w={150}>
              <MoneyInput
                label=""
                aria-label={named(words.action.amount, index)}
                currency={line.value?.currency ?? 'USD'}
                value={line.value}
                onChange={(value) => set(index, value ? { value } : {})}
              />
            </Box>
          </Group>
        ))}
      </Stack>
    </Input.Wrapper>
  );
}
