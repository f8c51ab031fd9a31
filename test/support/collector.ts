/** A collector of traces: takes what OTLP over HTTP brings, and shows it as a tree. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON, as far as the tests look. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}
interface Exported {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
}

export class Collector {
  readonly spans: Span[] = [];
  url = '';
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString('utf8')) as Exported;
      this.spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap(({ spans }) => spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
    return this;
  }

  ofTrace = (traceId: string): Span[] => this.spans.filter((span) => span.traceId === traceId);

  /** The spans below one, a line each, indented. */
  tree(traceId: string, below: string, depth = 0): string[] {
    const time = ({ startTimeUnixNano }: Span): bigint => BigInt(startTimeUnixNano);
    return this.ofTrace(traceId)
      .filter(({ parentSpanId }) => parentSpanId === below)
      .toSorted((a, b) => Number(time(a) - time(b)))
      .flatMap(({ name, spanId }) => [`${'  '.repeat(depth)}${name}`, ...this.tree(traceId, spanId, depth + 1)]);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

export const attributeOf = ({ attributes }: Span, key: string): string | undefined =>
  attributes.find((one) => one.key === key)?.value.stringValue;
