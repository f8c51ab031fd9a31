/** `ta token`: a bearer token for the HTTP API of `npm start`, signed with the development key of the data folder. */
import { Option, type Command } from 'commander';
import type { Claims } from '../http/identity';
import type { Add, Action } from './command';
import { settingsOrStop } from './connect';
import { wrongUsage } from './faults';
import { wholeNumber } from './input';

const callerPattern =
  /^(buyer|supplier|platform|service|bank|customs|carrier|inspector|processor|verifier):([^/]+)(?:\/(.+))?$/;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, as in connect.ts */
const load = {
  issuer: () => require('../http/dev-issuer') as typeof import('../http/dev-issuer'),
  identity: () => require('../http/identity') as typeof import('../http/identity'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

export function tokenCommands(program: Command, add: Add, action: Action): void {
  add(program, {
    call: 'token',
    says: 'Make a token for the HTTP API of `npm start`; other APIs do not take it',
    examples: [
      'token --as buyer:buy-hamburg-home',
      'token --as supplier:sup-ningbo-lighting/chen-lihua',
      'token --as bank:citibank-sg',
      'token --as service:erp',
    ],
  })
    .addOption(
      new Option(
        '--as <role:member[/user]>',
        'who calls: a party, the platform, a service, or a feed',
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--hours <n>', 'valid for so long').argParser(wholeNumber('--hours', 1, 720)).default(12))
    .action(({ as, hours }: { as: string; hours: number }) =>
      action(async () => {
        const caller = callerOf(as);
        const { dataDir, api } = settingsOrStop();
        const token = await load.issuer().mintToken(dataDir, api.audience, caller, hours * 3600);
        return { json: { token, ...caller, hours }, lines: () => [token] };
      }),
    );
}

/** `bank:citibank-sg` is a feed of the bank. */
function callerOf(text: string): Claims {
  const [, role, member, user] = callerPattern.exec(text) ?? [];
  const { claims, feedSource } = load.identity();
  const source = feedSource.safeParse(role);
  const said = claims.safeParse(
    source.success ? { role: 'feed', source: source.data, member } : { role, member, user },
  );
  if (said.success && !(user !== undefined && !('user' in said.data))) return said.data;
  throw wrongUsage(
    `--as ${text}: role:member, or role:member/user of a company`,
    `The role is one of buyer, supplier, platform, service, ${feedSource.options.join(', ')}.`,
  );
}
