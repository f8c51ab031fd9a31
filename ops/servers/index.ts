/**
 * Real servers for a bare machine: Temporal's dev server, mongod as a replica set of one, and for tests Temporal's
 * time-skipping server. See docs/how-to/servers.md.
 */
export { provideBinary } from './binary';
export type { Binary } from './binary';
export type { ServerName } from './catalogue';
export { startServers } from './start';
export type { RunningServers, ServerOptions } from './start';
