/** The dialog of an action: its form, what will happen (as the server works it out), and the button that does it. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderPageAnswer, PreviewAnswer } from '../../clients/http/portal/answers';
import type { Action } from '../../domain/allowed';
import { eventWords } from '../../domain/event-words';
import { messageWords } from '../../domain/message-words';
import { call, isForNow, Problem } from '../api';
import { useReader } from '../language';
import { Detail, Failed, faultText } from '../parts';
import { useTold } from '../told';
import { words } from '../words';
import { FieldInput } from './field-input';
import { formOf, startOf, type Values } from './forms';
import { ContractPreview, PaymentSum } from './preview';
import { useTeller } from './timeline';

interface Props {
  page: OrderPageAnswer;
  action: Action;
  close: () => void;
}

export default function Dialog({ page, action, close }: Props) {
  const { say, language } = useReader();
  const form = formOf(action.name);
  const fields = useMemo(() => form.fields(page, action), [form, page, action]);
  const [values, setValues] = useState<Values>(() => startOf(action.name, fields));
  const data = form.data(values, page, action);
  const send = useSending(page.view.id, action.name, close);
  const { label, zh } = messageWords[action.name];
  return (
    <Modal.Root opened onClose={close} size={fields.some(({ kind }) => kind === 'goods') ? 'xl' : 'lg'}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: that is a second banner of the page to screen readers. */}
        <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb={4}>
          <Modal.Title fw={600}>{say(label)}</Modal.Title>
          <Modal.CloseButton aria-label={say(words.action.cancel)} />
        </Group>
        <Modal.Body>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              if (data) send.mutate(data);
            }}
          >
            <Stack>
              <Text size="sm" c="dimmed">
                {language === 'zh' ? `${zh}。` : `${action.says}.`}
              </Text>
              {action.name === 'confirm' && <ContractPreview page={page} values={values} />}
              {fields.map((field) => (
                <FieldInput
                  key={field.name}
                  field={field}
                  order={page.view.id}
                  values={values}
                  set={(changes) => setValues((before) => ({ ...before, ...changes }))}
                />
              ))}
              {action.name === 'pay' && <PaymentSum page={page} values={values} />}
              <Foretold page={page} name={action.name} data={data} />
              {send.error && <Failed fault={send.error} />}
              <Group justify="flex-end">
                <Button variant="default" onClick={close}>
                  {say(words.action.cancel)}
                </Button>
                <Button type="submit" disabled={!data} loading={send.isPending}>
                  {say(words.action.send)}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Sends the message once, however often the button is pressed: its id stays the same until it was answered. */
function useSending(order: string, name: Action['name'], close: () => void) {
  const told = useTold();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: (body: object) =>
      call(`/v1/orders/${encodeURIComponent(order)}/messages/${name}`, { method: 'POST', body, key: key.current }),
    onError: (fault) => {
      // What was refused was not stored: sent again, it is another message. What got no answer is the same one.
      if (fault instanceof Problem && fault.details.status >= 400 && fault.details.status < 500)
        key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      close();
      told(words.action.sent);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['order', order] }),
        queries.invalidateQueries({ queryKey: ['orders'] }),
      ]);
    },
  });
}

/** What the message would do, or why not. */
function Foretold({ page, name, data }: { page: OrderPageAnswer; name: Action['name']; data: object | undefined }) {
  const { say, language } = useReader();
  const tell = useTeller(page);
  const [settled] = useDebouncedValue(data && JSON.stringify(data), 300);
  const { id, version } = page.view;
  const preview = useQuery({
    queryKey: ['preview', id, version, name, settled],
    enabled: settled !== undefined,
    queryFn: () =>
      call<PreviewAnswer>(`/portal/orders/${encodeURIComponent(id)}/preview`, {
        method: 'POST',
        body: { name, data: JSON.parse(settled ?? 'null') as unknown },
      }),
    retry: (tries, fault) => tries < 3 && isForNow(fault),
  });
  const [shown, setShown] = useState<PreviewAnswer>();
  useEffect(() => {
    if (preview.data) setShown(preview.data);
  }, [preview.data]);
  if (!data)
    return (
      <Text size="sm" c="dimmed">
        {say(words.action.fillIn)}
      </Text>
    );
  if (preview.error)
    return (
      <Alert color="orange" title={say(words.action.refused)}>
        {faultText(preview.error, language)}
        <Detail fault={preview.error} />
      </Alert>
    );
  return (
    <Alert color="blue" title={say(words.action.willHappen)} aria-live="polite">
      <List size="sm" spacing={4}>
        {(preview.data ?? shown)?.events.map((event, index) => (
          <List.Item key={index}>{say(eventWords(event, tell))}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
