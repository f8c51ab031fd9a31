/** What the reader may do with the order now: exactly the messages that the server found to have a meaning (`actionsOf`). */
import { lazy, Suspense, useState } from 'react';
import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Action } from '../../domain/allowed';
import { messageWords } from '../../domain/message-words';
import { refusals } from '../../domain/refusal';
import { useReader } from '../language';
import { Section } from '../parts';
import { words } from '../words';
import { fieldName } from '../../domain/field-names';

const Dialog = lazy(() => import('./dialog'));

/** Those that take the order on its way; the others are beside it. */
const onTheRoad: readonly Action['name'][] = [
  'confirm',
  'pay',
  'registerExport',
  'completeExport',
  'shipGoods',
  'answerShipment',
  'confirmReceipt',
  'review',
  'acceptProposal',
  'answerComplaint',
  'nameRefundAccount',
  'rule',
  'approve',
  'supplierActivated',
  'retryEffect',
];
/** Messages that change the contract have a page of their own. */
const ofContract: readonly Action['name'][] = ['revise', 'proposeAmendment'];
/** What ends or undoes something. */
const grave: readonly Action['name'][] = [
  'cancel',
  'decline',
  'closeUnpaid',
  'proposeCancellation',
  'cancelExport',
  'disapprove',
];

export function Actions({ page }: { page: OrderPageAnswer }) {
  const { say } = useReader();
  // Whoever may simply cancel need not propose it.
  const mayCancel = page.actions.some(({ name, because }) => name === 'cancel' && !because);
  const actions = page.actions.filter(({ name }) => !(mayCancel && name === 'proposeCancellation'));
  const isMain = ({ name, because }: Action) => onTheRoad.includes(name) && !because;
  const main = actions.filter(isMain);
  const others = actions
    .filter((action) => !isMain(action))
    .sort((a, b) => Number(grave.includes(a.name)) - Number(grave.includes(b.name)));
  return (
    <Section title={say(words.order.actions)}>
      {actions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say(words.order.nothingToDo)}
        </Text>
      ) : (
        <Stack gap="xs">
          {main.map((action) => (
            <ActionButton key={action.name} page={page} action={action} variant="filled" />
          ))}
          {others.map((action) => (
            <ActionButton key={action.name} page={page} action={action} variant="default" />
          ))}
        </Stack>
      )}
    </Section>
  );
}

/** The button of one action, where the reader has it now. */
export function OpenAction({ page, name }: { page: OrderPageAnswer; name: Action['name'] }) {
  const action = page.actions.find((one) => one.name === name);
  if (!action || action.because) return null;
  return (
    <div>
      <ActionButton page={page} action={action} variant="filled" />
    </div>
  );
}

interface ButtonProps {
  page: OrderPageAnswer;
  action: Action;
  variant: 'filled' | 'default';
}

function ActionButton({ page, action, variant }: ButtonProps) {
  const { say } = useReader();
  const [isOpen, setOpen] = useState(false);
  const { name, because } = action;
  const label = say(messageWords[name].label);
  if (because) return <Blocked label={label} because={because} />;
  const look = { variant, ...(grave.includes(name) && { color: 'red', variant: 'outline' }) };
  if (ofContract.includes(name))
    return (
      <Button component={Link} href={`/orders/${page.view.id}/contract`} {...look}>
        {label}
      </Button>
    );
  return (
    <>
      <Button {...look} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Dialog page={page} action={action} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What is not possible yet, and why: a greyed button would not say it to everybody. */
function Blocked({ label, because }: { label: string; because: NonNullable<Action['because']> }) {
  const { say, language, list, inBothZones } = useReader();
  const text = language === 'zh' ? refusals[because.refused].zh : because.text;
  const missing = because.refused === 'order.incomplete' ? /missing: (.+)$/.exec(because.detail ?? '')?.[1] : undefined;
  const [from] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(because.detail ?? '') ?? [];
  return (
    <div>
      <Text size="sm" fw={600} c="dimmed">
        {label} · {say(words.action.notYet)}
      </Text>
      <Text size="xs" c="dimmed">
        {text}
        {from !== undefined && ` ${inBothZones(from)}`}
        {missing && ` ${list(missing.split(', ').map((path) => say(fieldName(path))))}`}
      </Text>
    </div>
  );
}
