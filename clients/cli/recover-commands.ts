/** `ta recover`: brings workflows and books together after one of the two was restored to an older point. */
import type { Command } from 'commander';
import type { Finding } from '../recover-finding';
import type { Action, Add } from './command';
import { withClient } from './connect';
import { exitCodes } from './faults';
import type { Output } from './io';
import { clean, counted, type Format, type Paint } from './text';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, like the connections */
const load = () => require('../recover') as typeof import('../recover');
/* eslint-enable @typescript-eslint/no-require-imports */

export function recoverCommands(program: Command, add: Add, action: Action): void {
  add(program, {
    call: 'recover',
    says: 'After a restore: bring workflows and books together again, whichever of them is the older',
    examples: ['recover --check', 'recover'],
  })
    .option('--check', 'only look; ends with 1 when there is something to do')
    .action(({ check = false }: { check?: boolean }) => action(() => recover(check)));
}

async function recover(check: boolean): Promise<Output> {
  const findings: Finding[] = [];
  const looked = await withClient({ timeoutMs: 30_000 }, (client) =>
    load().recover(client, { check, onFinding: (finding) => findings.push(finding) }),
  );
  const isOpen = check ? findings.length > 0 : findings.some(({ what }) => what === 'stuck');
  return {
    json: { done: !check, looked, findings },
    lines: (paint) => [
      ...findings.map((finding) => lineOf(finding, paint)),
      `${counted(looked.workflows, 'workflow')} and ${counted(looked.orders, 'open order')} looked at: ${verdict(findings, check)}`,
    ],
    exitCode: isOpen ? exitCodes.refused : exitCodes.ok,
  };
}

function verdict(findings: readonly Finding[], check: boolean): string {
  if (findings.length === 0) return 'workflows and books agree.';
  return check
    ? `${counted(findings.length, 'difference')}; nothing was changed.`
    : 'done. Look again: ta check --workflows';
}

const formats: Readonly<Record<Finding['what'], Format>> = {
  ...{
    behind: 'yellow',
    gone: 'yellow',
    wedged: 'yellow',
    ahead: 'yellow',
    withdrawal: 'yellow',
    settlement: 'yellow',
    return: 'yellow',
    stuck: 'red',
  },
};
const lineOf = ({ order, what, says }: Finding, paint: Paint): string =>
  `${paint(formats[what], what.padEnd(10))}  ${clean(order)}  ${clean(says)}`;
