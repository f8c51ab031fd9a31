/**
 * What kind of machine this is, in the words of those who publish servers: Temporal names Go's platforms, MongoDB
 * builds for each Linux distribution.
 */
import { readFileSync } from 'node:fs';

export interface Machine {
  platform: NodeJS.Platform;
  arch: string;
  goPlatform: string;
  goArch: string;
  /** Linux distribution, from /etc/os-release. */
  distribution: { id: string; like: string; version: number };
}

export function thisMachine(): Machine {
  const { platform, arch } = process;
  return {
    platform,
    arch,
    goPlatform: platform === 'win32' ? 'windows' : platform,
    goArch: arch === 'x64' ? 'amd64' : arch,
    distribution: distribution(),
  };
}

function distribution(): Machine['distribution'] {
  let text = '';
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // not Linux, or a Linux that does not tell: the common build is tried
  }
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: value('ID'), like: value('ID_LIKE'), version: Number.parseFloat(value('VERSION_ID')) || 0 };
}

/** Path of MongoDB's archive below its download address; undefined where there is none. */
export function mongodbArchive(machine: Machine, version: string): string | undefined {
  const arm = machine.arch === 'arm64';
  if (!arm && machine.arch !== 'x64') return undefined;
  if (machine.platform === 'darwin') return `osx/mongodb-macos-${arm ? 'arm64' : 'x86_64'}-${version}.tgz`;
  const build = mongodbBuild(machine.distribution, arm);
  if (machine.platform !== 'linux' || !build) return undefined;
  return `linux/mongodb-linux-${arm ? 'aarch64' : 'x86_64'}-${build}-${version}.tgz`;
}

/** MongoDB's build for a distribution; an unknown one gets Ubuntu's, and whether that runs is seen by trying. */
function mongodbBuild({ id, like, version }: Machine['distribution'], arm: boolean): string | undefined {
  if (id === 'alpine') return undefined; // musl: nothing of MongoDB's runs there
  if (id === 'amzn') return version >= 2023 ? 'amazon2023' : 'amazon2';
  if (id === 'debian' && !arm) return version >= 12 ? 'debian12' : 'debian11';
  if (id === 'fedora') return 'rhel90';
  if (/rhel|centos|fedora/.test(`${id} ${like}`)) return version >= 9 ? 'rhel90' : arm ? 'rhel82' : 'rhel80';
  if (/suse|sles/.test(`${id} ${like}`) && !arm) return 'suse15';
  return id === 'ubuntu' && version < 22 ? 'ubuntu2004' : 'ubuntu2204';
}
