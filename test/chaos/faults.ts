/** What goes wrong during a storm, by chance that a seed repeats: parts are killed, the network is cut, stalls or is slow. */
import { setTimeout as pause } from 'node:timers/promises';
import { Dice } from '../support/dice';
import type { Disk } from './disk';
import type { Way } from './mongodb';
import type { Own, Part, PartKind, ServerPart } from './parts';
import type { Weather } from './proxy';

export interface FaultTargets {
  workers: readonly Own[];
  /** The product's other processes. */
  processes: readonly Own[];
  servers: readonly ServerPart[];
  network: readonly Way[];
  /** Has the primary step down; without a replica set of several there is none. */
  stepDown?: (() => Promise<void>) | undefined;
  /** What the data is on, where it can be full. */
  disk?: Disk | undefined;
}

export interface FaultOptions extends FaultTargets {
  seed: number;
  /** How many may be under way at once. */
  lanes: number;
  /** Mean pause between two faults, in milliseconds. */
  everyMs: number;
  /** So long a part that has come back is not killed again, in milliseconds. */
  peaceMs: number;
  tell: (line: string) => void;
}

/** What happened. */
export interface FaultCounts {
  kills: Record<PartKind, number>;
  /** Kills exactly between a commit of MongoDB and its record at Temporal; counted among the workers', too. */
  gaps: number;
  network: Record<Exclude<Weather['kind'], 'pass'>, number>;
  frozen: number;
  stepDowns: number;
  /** Clocks that were set forward or back for a while. */
  clocks: number;
  /** How often the disk was full. */
  full: number;
  /** From the kill until the part was ready again, in milliseconds. */
  recoveryMs: Record<PartKind, number[]>;
}

type Kind = PartKind | 'gap' | 'cut' | 'stall' | 'slow' | 'freeze' | 'stepDown' | 'clock' | 'full';

/** How often each comes. */
const weights: Record<Exclude<Kind, PartKind>, number> = {
  gap: 4,
  ...{ cut: 2, stall: 1.5, slow: 1.5, freeze: 1, stepDown: 2, clock: 2, full: 1 },
};

export class Faults {
  readonly counts: FaultCounts = {
    kills: { worker: 0, api: 0, relay: 0, mongod: 0, temporal: 0 },
    gaps: 0,
    network: { cut: 0, stall: 0, slow: 0 },
    frozen: 0,
    stepDowns: 0,
    clocks: 0,
    full: 0,
    recoveryMs: { worker: [], api: [], relay: [], mongod: [], temporal: [] },
  };
  #isOver = false;
  readonly #dice: Dice;
  readonly #upSince = new Map<Part, number>();
  #isFull = false;
  /** Whoever is being killed and brought back by one lane is left alone by the others. */
  readonly #dying = new Set<Part>();

  constructor(private readonly options: FaultOptions) {
    this.#dice = new Dice(options.seed);
  }

  /** Until `end`; of several kinds at once, but no more than there are lanes, so that work gets done between. */
  async go(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.lanes }, () => this.#lane()));
  }

  end(): void {
    this.#isOver = true;
  }

  async #lane(): Promise<void> {
    const { everyMs, stepDown, disk } = this.options;
    for (;;) {
      await pause(this.#dice.between(everyMs / 2, everyMs * 3));
      if (this.#isOver) return;
      const missing = { ...(!stepDown && { stepDown: 0 }), ...((!disk || this.#isFull) && { full: 0 }) };
      await this.#strike(this.#dice.weighted({ ...weights, ...this.#seldom(), ...missing }));
    }
  }

  /** What was seldom killed so far comes sooner. */
  #seldom(): Record<PartKind, number> {
    const { kills } = this.counts;
    const least = Math.min(...Object.values(kills));
    const kinds = Object.keys(kills) as PartKind[];
    return Object.fromEntries(kinds.map((kind) => [kind, 6 / (1 + kills[kind] - least)])) as Record<PartKind, number>;
  }

  async #strike(kind: Kind): Promise<void> {
    const { workers, processes, servers, network } = this.options;
    switch (kind) {
      case 'gap':
      case 'worker': {
        const worker = this.#dice.of(workers.filter((one) => this.#mayDie(one)));
        if (worker) await (kind === 'gap' ? this.#killInGap(worker) : this.#kill(worker));
        return;
      }
      case 'cut':
      case 'stall':
      case 'slow': {
        const way = this.#dice.of(network);
        if (way) await this.#weather(way, kind);
        return;
      }
      case 'freeze': {
        const node = this.#dice.of(servers.filter((one) => one.kind === 'mongod' && one.isUp));
        if (node) await this.#freeze(node);
        return;
      }
      case 'stepDown':
        await this.#stepDown();
        return;
      case 'clock': {
        const one = this.#dice.of([...workers, ...processes].filter(({ isUp }) => isUp));
        if (one) await this.#setClock(one);
        return;
      }
      case 'full':
        await this.#fill();
        return;
      default: {
        const parts: readonly Part[] = [...processes, ...servers];
        const part = this.#dice.of(parts.filter((one) => one.kind === kind && this.#mayDie(one)));
        if (part) await this.#kill(part);
      }
    }
  }

  /** What has just come up is left in peace for a little, or nothing would ever get done. */
  #mayDie(part: Part): boolean {
    return (
      part.isUp &&
      !this.#dying.has(part) &&
      performance.now() - (this.#upSince.get(part) ?? -Infinity) > this.options.peaceMs
    );
  }

  async #kill(part: Part): Promise<void> {
    this.#dying.add(part);
    this.options.tell(`SIGKILL ${part.kind}`);
    this.counts.kills[part.kind] += 1;
    await part.kill();
    await this.#bringBack(part);
  }

  async #killInGap(worker: Own): Promise<void> {
    this.#dying.add(worker);
    const isInGap = await worker.killInGap(15_000);
    this.options.tell(`SIGKILL worker${isInGap ? ' in the gap' : ', which had nothing to commit'}`);
    this.counts.kills.worker += 1;
    if (isInGap) this.counts.gaps += 1;
    await this.#bringBack(worker);
  }

  async #bringBack(part: Part): Promise<void> {
    const began = performance.now();
    await pause(this.#dice.between(0, 800));
    for (let tries = 1; ; tries += 1)
      try {
        await part.start();
        break;
      } catch (fault) {
        if (tries >= 3) throw fault;
      }
    this.#dying.delete(part);
    this.#upSince.set(part, performance.now());
    this.counts.recoveryMs[part.kind].push(Math.round(performance.now() - began));
  }

  async #weather({ name, proxy }: FaultTargets['network'][number], kind: 'cut' | 'stall' | 'slow'): Promise<void> {
    const weather: Weather = kind === 'slow' ? { kind, ms: this.#dice.between(30, 250) } : { kind };
    this.options.tell(`the network of ${name}: ${kind}${weather.kind === 'slow' ? ` ${String(weather.ms)} ms` : ''}`);
    this.counts.network[kind] += 1;
    proxy.weather = weather;
    await pause(this.#dice.between(500, kind === 'slow' ? 6000 : 4000));
    proxy.weather = { kind: 'pass' };
  }

  async #freeze({ pid }: ServerPart): Promise<void> {
    this.options.tell('mongod is frozen');
    this.counts.frozen += 1;
    process.kill(pid, 'SIGSTOP');
    await pause(this.#dice.between(500, 4000));
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // the other lane has killed it meanwhile
    }
  }

  async #stepDown(): Promise<void> {
    this.options.tell('the primary steps down');
    this.counts.stepDowns += 1;
    await this.options.stepDown?.().catch(() => undefined); // there may be none just now
  }

  /** By some minutes at most: a server that does not keep time, not one that has lost it. */
  async #setClock(one: Own): Promise<void> {
    const seconds = this.#dice.between(20, 180) * (this.#dice.chance(50) ? 1 : -1);
    this.options.tell(`the clock of ${one.name} is set by ${String(seconds)} s`);
    this.counts.clocks += 1;
    one.setClock(seconds * 1000);
    await pause(this.#dice.between(1000, 8000));
    one.setClock(0);
  }

  /** Servers may end by that; they come back once there is room. */
  async #fill(): Promise<void> {
    const { disk, servers, tell } = this.options;
    if (!disk || this.#isFull) return;
    tell('the disk is full');
    this.#isFull = true;
    this.counts.full += 1;
    await disk.fill();
    await pause(this.#dice.between(2000, 8000));
    await disk.makeRoom();
    this.#isFull = false;
    const ended = servers.filter(({ isUp }) => !isUp).length;
    tell(`the disk has room again; ${String(ended)} servers are down`);
  }
}
