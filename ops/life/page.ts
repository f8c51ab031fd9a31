/** The page of an order's life: pictures and tables of both schemes, from a walk over the domain. */
import { markdownTable } from '../../clients/cli/markdown';
import type { ClockMessage } from '../../domain/deadlines';
import { messages, type MessageName } from '../../domain/messages';
import { schemeName, schemePolicies, type SchemeName } from '../../domain/scheme';
import { road, waysBack, waysOut } from './picture';
import { isEnd, lifeOf, type Life, type Step, type Stop } from './walk';

export function lifePage(): string {
  const sections = [
    '# The life of an order',
    'Made by `ops/docs.ts` from the domain: a walk (`ops/life`) says to an order, in every state that it comes to, every ' +
      'message of the table and every deadline, and writes down what becomes of it. Change the rules, not this page. One ' +
      'contract stands for all (Trade Assurance: 30 % in advance, the balance after shipment), and of the things that may be ' +
      'under way beside the road the walk has one at a time.',
    'How to read it: a box is a status, an arrow says who sends which [message](messages.md); the ' +
      'clock is the order’s own, and what it alone leads to is dotted. A complaint, a proposal, a refund or a charge is no status: it goes on beside the order, ' +
      'and holds up only what [the rules](../rules.md) say.',
    ...schemeName.options.flatMap(chapter),
  ];
  return `${sections.join('\n\n')}\n`;
}

function chapter(scheme: SchemeName): string[] {
  const life = lifeOf(scheme);
  return [
    `## ${schemePolicies.find((policy) => policy.scheme === scheme)?.name.en ?? scheme}`,
    '### The road',
    road(life),
    markdownTable(
      ['status', 'milestone', 'what it waits for first'],
      life.stops.filter(isOnRoad).map(({ status, milestone, awaits }) => [status, milestone, awaits]),
    ),
    '### Ways back',
    waysBack(life),
    '### Ways out',
    'From each of the statuses in a box, to an end other than `completed`:',
    waysOut(life),
    '### Deadlines',
    'A complaint has deadlines of its own, wherever the order stands.',
    deadlineTable(life),
    '### Every change of status',
    'With the shortest chain of events that was seen for it.',
    changeTable(life),
    '### What is taken without a change of status',
    stayTable(life),
  ];
}

const isOnRoad = ({ status }: Stop): boolean => !isEnd(status) || status === 'completed';
const link = (name: MessageName): string => `[\`${name}\`](messages.md#${name.toLowerCase()})`;

const deadlineTable = ({ running }: Life): string =>
  markdownTable(
    ['deadline', 'runs in', 'what it says', 'rule'],
    (Object.keys(messages) as MessageName[]).flatMap((name) => {
      const statuses = running.get(name as ClockMessage);
      return statuses ? [[link(name), statuses.join(', '), messages[name].says, messages[name].rule]] : [];
    }),
  );

const changeTable = ({ steps }: Life): string =>
  markdownTable(
    ['status', 'message', 'from', 'next status', 'what happens'],
    steps
      .filter(({ from, to }) => from !== to)
      .map(({ from, message, by, to, events }) => [
        from ?? '',
        link(message),
        [...by].join(', '),
        to,
        events.join(', '),
      ]),
  );

/** The messages that were taken in each status and left it as it was. */
const stayTable = ({ steps, stops }: Life): string =>
  markdownTable(
    ['status', 'messages'],
    stops.map(({ status }) => {
      const stays = (step: Step) => step.from === status && step.to === status;
      return [
        status,
        steps
          .filter(stays)
          .map(({ message }) => link(message))
          .join(', '),
      ];
    }),
  );
