/** `ta notice list`: what a member, or the platform, has been told. */
import type { Command } from 'commander';
import type { Language } from '../../domain/vocabulary';
import { withClient } from './connect';
import { wrongUsage } from './faults';
import { senderIn, wholeNumber } from './input';
import type { Output } from './io';
import { group, type Action, type Add } from './command';
import { table, time } from './text';

export function noticeCommands(program: Command, add: Add, action: Action): void {
  const notice = group(program, 'notice', 'Notices to the parties and the platform: list');
  add(notice, {
    call: 'list',
    says: 'List the newest notices to a member, or to the platform, in English or Chinese',
    examples: ['notice list --for supplier:sup-ningbo-lighting --lang zh', 'notice list --for platform:op-1'],
  })
    .requiredOption('--for <role:member>', 'whose notices')
    .option('--lang <language>', 'en or zh', 'en')
    .option('--limit <number>', 'how many', wholeNumber('--limit', 1, 200), 50)
    .action((given: { for: string; lang: string; limit: number }) => action(() => list(given)));
}

/* eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when needed, like the other connections */
const notices = () => require('../notices') as typeof import('../notices');

async function list({ for: whose, lang, limit }: { for: string; lang: string; limit: number }): Promise<Output> {
  if (lang !== 'en' && lang !== 'zh') throw wrongUsage(`--lang ${lang}: en or zh`);
  const language: Language = lang;
  const { role, member } = senderIn('--for')(whose);
  const to = role === 'platform' ? role : { member };
  const told = await withClient({ timeoutMs: 30_000 }, (client) => notices().readNotices(client, to, language, limit));
  return {
    json: told,
    lines: (paint) =>
      told.length === 0
        ? ['No notices.']
        : table(
            [{ head: 'When (UTC)' }, { head: 'About' }, { head: 'What' }],
            told.map(({ at, about, text }) => [time(at), about, text]),
            paint,
          ),
  };
}
