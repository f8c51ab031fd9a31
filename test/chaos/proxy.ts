/**
 * The network between two parts, which can be cut, stall or be slow: a TCP proxy before a server; before several it is a balancer,
 * which goes on to the next where one does not listen.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `pass`: as fast as it comes. `cut`: every connection breaks, new ones too. `stall`: nothing goes through, nothing breaks. */
export type Weather = { kind: 'pass' } | { kind: 'cut' } | { kind: 'stall' } | { kind: 'slow'; ms: number };

export class Proxy {
  #weather: Weather = { kind: 'pass' };
  readonly #sockets = new Set<Socket>();
  #turn = 0;
  readonly #held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {}

  /** A proxy on a port of its own, before ports of this machine. */
  static async open(...targets: number[]): Promise<Proxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new Proxy(server, targets);
    server.on('connection', (socket) => proxy.#take(socket));
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

  async close(): Promise<void> {
    this.weather = { kind: 'cut' };
    await new Promise((done) => this.server.close(done));
  }

  #take(from: Socket, tried = 0): void {
    if (this.#weather.kind === 'cut' || tried === this.targets.length) {
      from.destroy();
      return;
    }
    this.#turn += 1;
    const to = connect(this.targets[this.#turn % this.targets.length] ?? 0, '127.0.0.1');
    const next = () => this.#take(from, tried + 1);
    to.once('error', next);
    to.once('connect', () => {
      to.off('error', next);
      this.#join(from, to);
    });
  }

  #join(from: Socket, to: Socket): void {
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('data', (chunk) => this.#pass(one, other, chunk));
      one.on('end', () => other.end());
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    from.resume();
  }

  #pass(from: Socket, to: Socket, chunk: Buffer): void {
    const write = () => {
      if (!to.destroyed) to.write(chunk);
    };
    if (this.#weather.kind === 'slow') setTimeout(write, this.#weather.ms);
    else if (this.#weather.kind === 'stall') {
      from.pause();
      this.#held.push(() => {
        write();
        from.resume();
      });
    } else write();
  }
}
