/** A dead row of the inbox is closed by whoever has seen to it, with a reason; what that does is told before. */
import { useState } from 'react';
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import type { InboxRow } from '../../domain/inbox';
import { factWords } from '../../domain/inbox-words';
import { useReader } from '../language';
import { Failed } from '../parts';
import { words } from '../words';
import { useDoing } from './use-doing';

export function CloseRow({ row }: { row: InboxRow }) {
  const { say } = useReader();
  const [isOpen, setOpen] = useState(false);
  const [why, setWhy] = useState('');
  const doing = useDoing();
  const close = () => {
    doing.reset();
    setOpen(false);
  };
  return (
    <>
      <Button variant="subtle" size="compact-sm" px={0} onClick={() => setOpen(true)}>
        {say(words.desk.closeRow)}
      </Button>
      <Modal.Root opened={isOpen} onClose={close}>
        <Modal.Overlay />
        <Modal.Content>
          {/* Not Modal.Header: that is a second banner of the page to screen readers. */}
          <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb={4}>
            <Modal.Title fw={600}>{say(words.desk.closeRowTitle)}</Modal.Title>
            <Modal.CloseButton aria-label={say(words.desk.closeRowNot)} />
          </Group>
          <Modal.Body>
            <Stack gap="sm">
              <Text size="sm" className="breakable">
                {[row.profile, row.fact && say(factWords[row.fact]), row.why].filter(Boolean).join(' · ')}
              </Text>
              <Alert title={say(words.action.willHappen)} color="blue">
                {say(words.desk.closeRowDoes)}
              </Alert>
              <Textarea
                label={say(words.desk.why)}
                value={why}
                onChange={(event) => setWhy(event.currentTarget.value)}
                maxLength={500}
                required
                data-autofocus
              />
              {doing.error && <Failed fault={doing.error} />}
              <Group justify="flex-end">
                <Button variant="default" onClick={close}>
                  {say(words.desk.closeRowNot)}
                </Button>
                <Button
                  disabled={why.trim() === ''}
                  loading={doing.isPending}
                  onClick={() =>
                    doing.mutate({ path: `/v1/inbox/rows/${row.id}/close`, body: { why } }, { onSuccess: close })
                  }
                >
                  {say(words.desk.closeRowSend)}
                </Button>
              </Group>
            </Stack>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
