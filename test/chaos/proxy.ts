/** The network between two parts, which can be cut, stall or be slow: a TCP proxy before a server. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `pass`: as fast as it comes. `cut`: every connection breaks, new ones too. `stall`: nothing goes through, nothing breaks. */
export type Weather = { kind: 'pass' } | { kind: 'cut' } | { kind: 'stall' } | { kind: 'slow'; ms: number };

export class Proxy {
  #weather: Weather = { kind: 'pass' };
  readonly #sockets = new Set<Socket>();
  readonly #held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  /** A proxy on a port of its own, before a port of this machine. */
  static async open(target: number): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, target);
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

  #take(from: Socket): void {
    if (this.#weather.kind === 'cut') {
      from.destroy();
      return;
    }
    const to = connect(this.target, '127.0.0.1');
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
