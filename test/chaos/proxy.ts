/**
 * The network between two parts, which can be cut, stall or be slow: a TCP proxy before a server; before several it is a balancer,
 * which goes on to the next where one does not listen, and sends nothing new to one that says it is not ready.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** `pass`: as fast as it comes. `cut`: every connection breaks, new ones too. `stall`: nothing goes through, nothing breaks. */
export type Weather = { kind: 'pass' } | { kind: 'cut' } | { kind: 'stall' } | { kind: 'slow'; ms: number };

export class Proxy {
  #weather: Weather = { kind: 'pass' };
  readonly #sockets = new Set<Socket>();
  #turn = 0;
  #asking: NodeJS.Timeout | undefined;
  /** Targets that have said that they are not ready. */
  readonly #unready = new Set<number>();
  readonly #held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {}

  /** A proxy on a port of its own, before ports of this machine. */
  static async open(...targets: number[]): Promise<Proxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new Proxy(server, targets);
    server.on('connection', (socket) => {
      socket.on('error', () => undefined); // whoever has come may be gone before it is joined to a target
      proxy.#take(socket);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  set weather(weather: Weather) {
    this.#weather = weather;
    if (weather.kind === 'cut') for (const socket of this.#sockets) socket.destroy();
    if (weather.kind !== 'stall') this.#held.splice(0).forEach((goOn) => goOn());
  }

  /** Asks each target again and again whether it is ready, as a load balancer does. */
  askReadiness(path: string, everyMs: number): void {
    const ask = async (target: number): Promise<void> => {
      const url = `http://127.0.0.1:${String(target)}${path}`;
      const isReady = await fetch(url, { signal: AbortSignal.timeout(everyMs), headers: { connection: 'close' } }).then(
        async (answer) => (await answer.text(), answer.ok),
        () => false,
      );
      if (isReady) this.#unready.delete(target);
      else this.#unready.add(target);
    };
    this.#asking = setInterval(() => this.targets.forEach((target) => void ask(target)), everyMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#asking);
    this.weather = { kind: 'cut' };
    await new Promise((done) => this.server.close(done));
  }

  #take(from: Socket, tried = 0): void {
    if (this.#weather.kind === 'cut' || tried === this.targets.length) {
      from.destroy();
      return;
    }
    const ready = this.targets.filter((target) => !this.#unready.has(target));
    // With none that is ready all of them are tried: better an answer that says so than none.
    const targets = ready.length > 0 ? ready : this.targets;
    this.#turn += 1;
    const to = connect(targets[this.#turn % targets.length] ?? 0, '127.0.0.1');
    const next = () => this.#take(from, tried + 1);
    to.once('error', next);
    to.once('connect', () => {
      to.off('error', next);
      if (from.destroyed) to.destroy();
      else this.#join(from, to);
    });
  }

  #join(from: Socket, to: Socket): void {
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      // Whatever the weather: what was sent first arrives first.
      let last = Promise.resolve();
      const inTurn = (carry: () => void) => {
        const way = this.#way(one);
        last = last.then(() => way).then(carry);
      };
      one.on('data', (chunk) => inTurn(() => void (other.destroyed || other.write(chunk))));
      one.on('end', () => inTurn(() => other.end()));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        inTurn(() => other.destroySoon());
      });
    }
    from.resume();
  }

  /** The way of what comes now, in the weather of now. */
  async #way(from: Socket): Promise<void> {
    if (this.#weather.kind === 'slow') await pause(this.#weather.ms);
    else if (this.#weather.kind === 'stall') {
      from.pause();
      await new Promise<void>((goOn) => this.#held.push(goOn));
      from.resume();
    }
  }
}
