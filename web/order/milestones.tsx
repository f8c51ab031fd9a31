/** R50: the five milestones, and how far the order has come. */
import { Card, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { milestoneWords } from '../../domain/vocabulary';
import type { OrderView } from '../../domain/view';
import { useReader } from '../language';
import { words } from '../words';

const milestones = ['inflow', 'negotiation', 'payment', 'logistics', 'completion'] as const;
const stopped: readonly OrderView['status'][] = ['closed-unpaid', 'cancelled', 'refunded', 'lapsed'];

export function Milestones({ view }: { view: OrderView }) {
  const { say } = useReader();
  const at = milestones.indexOf(view.milestone);
  const isOver = view.status === 'completed';
  const isStopped = stopped.includes(view.status);
  return (
    <Card withBorder padding="md">
      <ol className="milestones" aria-label={say(words.order.milestones)}>
        {milestones.map((milestone, index) => {
          const isDone = index < at || isOver;
          const isNow = index === at && !isOver;
          return (
            <li
              key={milestone}
              className={isDone ? 'done' : isNow ? (isStopped ? 'now stopped' : 'now') : ''}
              {...(isNow && { 'aria-current': 'step' as const })}
            >
              <span className="dot" aria-hidden>
                {isDone ? <IconCheck size={18} /> : isNow && isStopped ? <IconX size={18} /> : index + 1}
              </span>
              {say(milestoneWords[milestone])}
              {isDone && <VisuallyHidden> ✓</VisuallyHidden>}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
