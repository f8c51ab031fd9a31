/** The life of an order as Mermaid flowcharts: the road, the ways back and the ways out, each for itself. */
import type { MessageName, Role } from '../../domain/messages';
import { milestones, type OrderStatus } from '../../domain/order';
import { isForward, isWayBack, isWayOut, type Life, type Step } from './walk';

/** From the draft to the completed order, by milestone. */
export function road({ steps, stops }: Life): string {
  const forward = steps.filter((step) => step.onRoad && isForward(step) && !isWayOut(step));
  const met = new Set(forward.map(({ to }) => to));
  const boxes = milestones.flatMap((milestone) => {
    const inside = stops.filter((stop) => stop.milestone === milestone && met.has(stop.status));
    return [`  subgraph ${milestone}`, ...inside.map(({ status }) => `    ${box(status)}`), '  end'];
  });
  return flowchart('TB', [`  ${start}((draft))`, ...boxes, ...arrowsOf(forward)]);
}

/** From a status back to an earlier one. */
export function waysBack({ steps }: Life): string {
  const back = steps.filter(isWayBack);
  const met = new Set(back.flatMap(({ from, to }) => (from ? [from, to] : [to])));
  return flowchart('LR', [...[...met].map((status) => `  ${box(status)}`), ...arrowsOf(back)]);
}

/** From all the statuses that a message ends an order in, to that end. */
export function waysOut({ steps }: Life): string {
  const out = steps.filter(isWayOut);
  const sources = ({ message, to }: Step): string =>
    out.flatMap((step) => (step.message === message && step.to === to && step.from ? [step.from] : [])).join('<br/>');
  const boxes = [...new Set(out.map(sources))];
  const ends = [...new Set(out.map(({ to }) => to))];
  return flowchart('LR', [
    ...boxes.map((text, index) => `  from${String(index)}["${text}"]`),
    ...ends.map((to) => `  ${idOf(to)}([${to}])`),
    ...boxes.flatMap((text, index) =>
      arrowsOf(
        out.filter((step) => sources(step) === text),
        `from${String(index)}`,
      ),
    ),
  ]);
}

const start = 'start';
const idOf = (status: OrderStatus | undefined): string => status?.replaceAll('-', '_') ?? start;
const box = (status: OrderStatus): string => `${idOf(status)}[${status}]`;
const flowchart = (direction: 'TB' | 'LR', lines: readonly string[]): string =>
  ['```mermaid', `flowchart ${direction}`, ...lines, '```'].join('\n');

/** One arrow for all that leads from one box to another; it is dotted where only the clock leads there. */
function arrowsOf(steps: readonly Step[], from?: string): string[] {
  const arrows = new Map<string, Step[]>();
  for (const step of steps) {
    const key = `${from ?? idOf(step.from)} ${idOf(step.to)}`;
    arrows.set(key, [...(arrows.get(key) ?? []), step]);
  }
  return [...arrows].map(([key, all]) => {
    const [source = '', target = ''] = key.split(' ');
    const isClock = all.every(({ by }) => by.includes('clock'));
    return `  ${source} ${isClock ? '-.' : '--'} "${labelOf(all)}" ${isClock ? '.->' : '-->'} ${target}`;
  });
}

/** Each message once, with all that send it; whom the order asks itself is left out beside the one who answers, operators come last. */
function labelOf(steps: readonly Step[]): string {
  const senders = new Map<MessageName, Set<Role>>();
  for (const { message, by } of steps) senders.set(message, new Set([...(senders.get(message) ?? []), ...by]));
  const lines = [...senders].map(([message, by]) => {
    const outside = [...by].filter((role) => role !== 'effect');
    return { text: `${(outside.length > 0 ? outside : [...by]).join(' or ')}: ${message}`, isLast: by.has('platform') };
  });
  return lines
    .sort((a, b) => Number(a.isLast) - Number(b.isLast))
    .map(({ text }) => text)
    .join('<br/>');
}
