/** `ta doctor`: what is wrong with an installation, line by line; and the operators' views of the Web UI. */
import type { Command } from 'commander';
import type { Finding, FindingState } from '../doctor-findings';
import type { ViewName } from '../views';
import type { Action, Add } from './command';
import { settingsOrStop } from './connect';
import { exitCodes, Stop } from './faults';
import type { Io, Output } from './io';
import { clean, type Format, type Paint } from './text';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, like the connections */
const load = {
  doctor: () => require('../doctor') as typeof import('../doctor'),
  views: () => require('../views') as typeof import('../views'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

export function doctorCommands(program: Command, add: Add, action: Action): void {
  add(program, {
    call: 'doctor',
    says: 'Say what is wrong with the installation, and what to do; ends with 1 when something fails',
    examples: ['doctor', 'doctor --json', 'doctor --views', 'doctor --views --ui https://temporal.example.com'],
  })
    .option('--views', 'instead, the usual questions as queries and links of the Web UI')
    .option('--ui <url>', 'where the Web UI is, if that is not known')
    .action((given: { views?: true; ui?: string }) =>
      action((io) => (given.views ? tellViews(given.ui, io) : examine(io))),
    );
}

async function examine(io: Io): Promise<Output> {
  const findings = await findingsOf(io);
  const isWell = findings.every(({ state }) => state !== 'fail');
  return {
    json: { ok: isWell, findings },
    lines: (paint) => [...findings.flatMap((finding) => linesOf(finding, paint)), '', verdict(findings)],
    exitCode: isWell ? exitCodes.ok : exitCodes.refused,
  };
}

/** Wrong settings are a finding, too: the only one, because nothing else can be found then. */
async function findingsOf(io: Io): Promise<Finding[]> {
  try {
    return await load.doctor().examine(settingsOrStop(), io.now);
  } catch (fault) {
    if (!(fault instanceof Stop)) throw fault;
    const { text, detail = '' } = fault.told;
    return [{ part: 'settings', state: 'fail', says: `${text} ${detail}`, todo: 'Mend the variable that is named.' }];
  }
}

const formats: Readonly<Record<FindingState, Format>> = { ok: 'green', warn: 'yellow', fail: 'red' };

const linesOf = ({ part, state, says, todo }: Finding, paint: Paint): string[] => [
  `  ${paint(formats[state], state.padEnd(4))}  ${part.padEnd(17)}  ${clean(says)}`,
  ...(todo === undefined ? [] : [`  ${' '.repeat(4)}  ${' '.repeat(17)}  → ${todo}`]),
];

function verdict(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failing.`;
}

function tellViews(given: string | undefined, io: Io): Output {
  const { temporalUi, namespace } = settingsOrStop();
  const { views, linkOf } = load.views();
  const ui = given ?? temporalUi;
  const now = io.now();
  const told = (Object.keys(views) as ViewName[]).map((name) => ({
    name,
    title: views[name].title,
    query: views[name].query(now),
    ...(ui !== undefined && { url: linkOf(name, ui, namespace, now) }),
  }));
  return {
    json: told,
    lines: (paint) =>
      told.flatMap(({ title, query, url }) => [paint('bold', title), `  ${query}`, ...(url ? [`  ${url}`] : []), '']),
  };
}
