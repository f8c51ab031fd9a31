/**
 * Sets up what a deployment's servers must have before a worker runs: collections, validators and indexes in MongoDB,
 * search attributes in Temporal, and the policies; with `--seeds` the whole seeded world. Ends with exit code 0 once all
 * is there; running it again changes nothing.
 */
import { Connection } from '@temporalio/client';
import { loadSettings, type Settings } from '../config/settings';
import { loadPolicies, loadSeeds } from '../seeds/load';
import { openStore, setUpDatabase } from '../store/store';
import { registerSearchAttributes } from './search-attributes';

/** What was missing and is there now. */
export interface SetUp {
  /** Documents of the seeds. */
  documents: number;
  searchAttributes: string[];
}

/** Sets up both servers of the settings side by side. */
export async function setUp(settings: Settings, seeds: 'all' | 'policies'): Promise<SetUp> {
  const [documents, searchAttributes] = await Promise.all([setUpMongodb(settings, seeds), setUpTemporal(settings)]);
  return { documents, searchAttributes };
}

async function setUpMongodb({ mongodbUri }: Settings, seeds: 'all' | 'policies'): Promise<number> {
  const store = await openStore(mongodbUri);
  try {
    await setUpDatabase(store);
    return await (seeds === 'all' ? loadSeeds(store) : loadPolicies(store));
  } finally {
    await store.close();
  }
}

async function setUpTemporal({ temporal, namespace }: Settings): Promise<string[]> {
  const connection = await Connection.connect({ ...temporal, connectTimeout: '10s' });
  try {
    return await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

async function main(args: string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--seeds');
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}. Usage: setup [--seeds]`);
  const { documents, searchAttributes } = await setUp(loadSettings(), args.includes('--seeds') ? 'all' : 'policies');
  const added = searchAttributes.length > 0 ? searchAttributes.join(', ') : 'none';
  console.log(`Set up. New documents: ${String(documents)}; new search attributes: ${added}.`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((fault: unknown) => {
    console.error(fault instanceof Error ? fault.message : fault);
    process.exitCode = 1;
  });
}
