/**
 * Sets up what a deployment's servers must have before a worker runs: collections, validators and indexes in MongoDB, what is stored brought
 * up to date, search attributes and schedules in Temporal, and the policies; with `--seeds` the whole seeded world. Ends with exit code 0 once all
 * is there; running it again changes nothing.
 */
import { Connection } from '@temporalio/client';
import { keysOrStop } from '../config/keys';
import { loadSettings, type Settings } from '../config/settings';
import { loadPolicies, loadSeeds } from '../seeds/load';
import { migrate, type Migrated } from '../store/migrations';
import { openStore, setUpDatabase } from '../store/store';
import { setUpSchedules } from './schedules';
import { registerSearchAttributes } from './search-attributes';

/** What was missing and is there now. */
export interface SetUp {
  /** Documents of the seeds. */
  documents: number;
  /** What was brought up to date. */
  migrated: Migrated;
  searchAttributes: string[];
  schedules: string[];
}

/** Sets up both servers of the settings side by side. */
export async function setUp(settings: Settings, seeds: 'all' | 'policies'): Promise<SetUp> {
  keysOrStop(settings);
  const [ofMongodb, ofTemporal] = await Promise.all([setUpMongodb(settings, seeds), setUpTemporal(settings)]);
  return { ...ofMongodb, ...ofTemporal };
}

async function setUpMongodb(
  { mongodbUri, keys }: Settings,
  seeds: 'all' | 'policies',
): Promise<Pick<SetUp, 'documents' | 'migrated'>> {
  const store = await openStore(mongodbUri, { keys });
  try {
    await setUpDatabase(store);
    const migrated = await migrate(store);
    return { migrated, documents: await (seeds === 'all' ? loadSeeds(store) : loadPolicies(store)) };
  } finally {
    await store.close();
  }
}

async function setUpTemporal({
  temporal,
  namespace,
  taskQueue,
}: Settings): Promise<Omit<SetUp, 'documents' | 'migrated'>> {
  const connection = await Connection.connect({ ...temporal, connectTimeout: '10s' });
  try {
    const searchAttributes = await registerSearchAttributes(connection, namespace);
    return { searchAttributes, schedules: await setUpSchedules(connection, { namespace, taskQueue }) };
  } finally {
    await connection.close();
  }
}

async function main(args: string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--seeds');
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}. Usage: setup [--seeds]`);
  const { documents, migrated, searchAttributes, schedules } = await setUp(
    loadSettings(),
    args.includes('--seeds') ? 'all' : 'policies',
  );
  const named = (names: string[]) => (names.length > 0 ? names.join(', ') : 'none');
  console.log(
    `Set up. New documents: ${documents}; new search attributes: ${named(searchAttributes)}; new schedules: ${named(schedules)}; documents sealed: ${migrated.sealed}; orders indexed: ${migrated.indexed}; indexes dropped: ${migrated.dropped}.`,
  );
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((fault: unknown) => {
    console.error(fault instanceof Error ? fault.message : fault);
    process.exitCode = 1;
  });
}
