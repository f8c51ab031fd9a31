/** Once for all workflow tests: the time-skipping server's executable and the workflow bundle. */
import { provideBinary } from '../../ops/servers';
import { provideBundle } from '../../workers/bundle';

export default async function setUp(): Promise<void> {
  const [{ path }, bundle] = await Promise.all([provideBinary('temporal-test-server'), provideBundle('.data/cache')]);
  process.env.TEST_SERVER_BINARY = path;
  process.env.TEST_BUNDLE = bundle;
}
