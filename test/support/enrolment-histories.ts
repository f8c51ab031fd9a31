/** Stories of applications for Trade Assurance, whose workflows' histories are recorded. Each answers with its workflow's id. */
import { MembershipClient } from '../../clients';
import { enrolmentMessages } from '../../domain/enrolment-messages';
import { readSeed } from '../../seeds/load';
import { enrolmentIdOf } from '../../workflows/enrolment-contract';
import type { World } from './world';

const supplier = 'sup-wenzhou-valves';
const application = readSeed('enrolments/wenzhou-valves.json', enrolmentMessages.apply.data);
const self = { as: { role: 'supplier', member: supplier } } as const;
const operator = (member: string) => ({ as: { role: 'platform', member } }) as const;

export const enrolmentStories: Record<string, (world: World) => Promise<string>> = {
  'enrolment-asked-and-approved': async ({ ta }) => {
    const members = new MembershipClient(ta.options);
    await members.send('apply', supplier, application, self);
    await members.send('ask', supplier, { question: 'Which bank?' }, operator('op-1'));
    await members.send('supply', supplier, { documents: application.documents.slice(2) }, self);
    await members.send('verify', supplier, { verification: 'v-1', score: 84 }, operator('op-1'));
    await members.send('approve', supplier, {}, operator('op-1')).catch(() => undefined);
    await members.send('approve', supplier, {}, operator('op-2'));
    return enrolmentIdOf(supplier);
  },
};
