/** Answers to whom the API cuts off: what never became a request, and bodies that are refused before their end. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { problemMediaType, problemOfHttp, type HttpProblemCode } from './problem';

/** What node's parser tells of what it gives up. */
const codeOf = new Map<string | undefined, HttpProblemCode>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request.timeout'],
  ['HPE_HEADER_OVERFLOW', 'request.headers-too-large'],
]);

/** Answers, on the bare connection, what was no HTTP request or did not become one in time. */
export function answerNoRequest(fault: Error & { code?: string }, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || !socket.writable) return;
  const problem = problemOfHttp(codeOf.get(fault.code) ?? 'request.unreadable');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** How long a sender has to read that its body is refused, in milliseconds, and how much of it is passed over meanwhile. */
const lingerMs = 2000;
const lingerBytes = 64 * 1024 ** 2;

/**
 * The answer to a body that is refused before its end, as a stream that ends late. Who still sends finds the connection
 * reset, and the answer lost, when it is closed at once (RFC 9112, 9.6); so what comes is passed over for a while.
 */
export function lingering(answer: string, { raw }: FastifyRequest): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(answer);
  const end = (): void => {
    clearTimeout(timer);
    raw.off('data', count);
    raw.pause();
    stream.push(null);
  };
  const timer = setTimeout(end, lingerMs);
  let passed = 0;
  const count = (chunk: Buffer): void => {
    passed += chunk.length;
    if (passed > lingerBytes) end();
  };
  raw.on('data', count).once('end', end).once('close', end);
  return stream;
}
