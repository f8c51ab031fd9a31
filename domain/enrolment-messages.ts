/**
 * The messages of an application for Trade Assurance (R5, R13), in a table like that of the orders: the workflow's handlers,
 * the client, the CLI and what operators read in the Temporal UI derive from it.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { messageId } from './messages';
import { problemsOf } from './parse';
import { refuse, type Refusal } from './refusal';
import { person, type Person } from './users';

type Role = Extract<Person['role'], 'supplier' | 'platform' | 'verifier' | 'clock'>;

interface Entry<Data extends z.ZodType = z.ZodType> {
  from: readonly Role[];
  data: Data;
  /** One line for people. */
  says: string;
  rule: string;
}
const entry = <Data extends z.ZodType>(e: Entry<Data>): Entry<Data> => e;

const text = z.string().trim().min(1).max(2000);
const nothing = z.strictObject({});

/** A document by its description and where it lies; the file itself travels elsewhere. */
export const document = z.strictObject({
  kind: z.enum(['business-licence', 'export-licence', 'bank-account', 'authorisation', 'other']),
  name: z.string().min(1).max(200),
  link: z.url({ protocol: /^https$/ }).max(1000),
  /** Of the file, so that another under the same link shows. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
    .optional(),
});
const documents = z.array(document).min(1).max(20);

export const enrolmentMessages = {
  apply: entry({
    from: ['supplier'],
    data: z.strictObject({
      documents,
      /** R5: the supplier signs up with OneTouch, under this version of its contract. */
      oneTouchContract: z.strictObject({ version: z.string().min(1).max(40), agreed: z.literal(true) }),
    }),
    says: 'Apply for Trade Assurance, with documents and consent to the OneTouch contract',
    rule: 'R13',
  }),
  supply: entry({
    from: ['supplier'],
    data: z.strictObject({ documents }),
    says: 'Hand in further documents',
    rule: 'R13',
  }),
  ask: entry({
    from: ['platform', 'verifier'],
    data: z.strictObject({ question: text }),
    says: 'Ask the supplier for what is missing; without an answer the application lapses',
    rule: 'R13',
  }),
  verify: entry({
    from: ['platform', 'verifier'],
    data: z.strictObject({ verification: opaqueId, score: z.int().min(0).max(100), note: text.optional() }),
    says: 'Report the verification of the company, with a score from 0 to 100',
    rule: 'R11',
  }),
  approve: entry({
    from: ['platform'],
    data: z.strictObject({ note: text.optional() }),
    says: 'Approve the application; whoever verified the company cannot',
    rule: 'R13',
  }),
  refuse: entry({
    from: ['platform'],
    data: z.strictObject({ reason: text }),
    says: 'Refuse the application, with a reason; whoever verified the company cannot',
    rule: 'R13',
  }),
  withdraw: entry({
    from: ['supplier'],
    data: z.strictObject({ reason: text.optional() }),
    says: 'Withdraw the application',
    rule: 'R13',
  }),
  supplierSilent: entry({ from: ['clock'], data: nothing, says: 'The supplier did not answer in time', rule: 'R13' }),
  platformSilent: entry({ from: ['clock'], data: nothing, says: 'The platform did not decide in time', rule: 'R13' }),
} as const satisfies Record<string, Entry>;

export type EnrolmentMessageName = keyof typeof enrolmentMessages;
export type EnrolmentData<Name extends EnrolmentMessageName> = z.infer<(typeof enrolmentMessages)[Name]['data']>;

/** A message as `step` takes it. */
export type EnrolmentMessage<Name extends EnrolmentMessageName = EnrolmentMessageName> = {
  [N in Name]: { name: N; id: string; actor: Person; data: EnrolmentData<N> };
}[Name];

/** Names of the messages that may come from outside. */
export type SentEnrolmentMessage = Exclude<EnrolmentMessageName, 'supplierSilent' | 'platformSilent'>;
export const sentEnrolmentMessages = (Object.keys(enrolmentMessages) as EnrolmentMessageName[]).filter(
  (name): name is SentEnrolmentMessage => !enrolmentMessages[name].from.includes('clock'),
);

const envelope = z.strictObject({ id: messageId, actor: person, data: z.unknown() });
const isName = (name: string): name is EnrolmentMessageName => Object.hasOwn(enrolmentMessages, name);

/** The message of this name with this body, or `message.unknown`, `message.invalid`, `actor.role-not-allowed`. */
export function parseEnrolmentMessage(name: string, body: unknown): EnrolmentMessage | Refusal {
  if (!isName(name)) return refuse('message.unknown', name);
  const outer = envelope.safeParse(body);
  if (!outer.success) return refuse('message.invalid', problemsOf(outer.error));
  const { from, data: form } = enrolmentMessages[name];
  const { role } = outer.data.actor;
  if (!from.some((allowed) => allowed === role))
    return refuse('actor.role-not-allowed', `${name} is for ${from.join(', ')}; the sender is ${role}`);
  const inner = form.safeParse(outer.data.data);
  if (!inner.success) return refuse('message.invalid', problemsOf(inner.error, 'data'));
  return { name, ...outer.data, data: inner.data } as EnrolmentMessage;
}
