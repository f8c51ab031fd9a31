/** Calls to the server: JSON in, JSON out; what it refuses is a `Problem` with the stable code of the catalogue. */
import { refusals } from '../domain/refusal';
import type { Language } from '../domain/vocabulary';
import { words } from './words';

/** Problem details (RFC 9457) as the API answers with them. */
interface Details {
  code: string;
  title: string;
  status: number;
  detail?: string;
  fields?: { path: string; message: string }[];
}

export class Problem extends Error {
  constructor(readonly details: Details) {
    super(details.title);
  }

  /** What is wrong and what to do, in the reader's language. */
  in(language: Language): string {
    const { code, title } = this.details;
    const known = Object.entries(refusals).find(([name]) => name === code)?.[1];
    if (known) return language === 'zh' ? known.zh : known.text;
    if (code === 'network') return words.states.offline[language];
    return title; // the server has written it in the reader's language
  }
}

/** Whether nobody has refused anything yet: the service was busy, or not reached; the same may be asked for again. */
export const isForNow = (fault: unknown): boolean =>
  !(fault instanceof Problem) || fault.details.status === 0 || fault.details.status === 503;

interface Options {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  /** The message's id, so that sending again changes nothing. */
  key?: string;
}

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(() => {
    throw new Problem({ code: 'network', title: words.states.offline.en, status: 0 });
  });
  if (response.ok) return response;
  const details = (await response.json().catch(() => undefined)) as Details | undefined;
  throw new Problem(details ?? { code: 'service.failed', title: response.statusText, status: response.status });
}

/** A header that no other site can send along without being asked (CSRF). */
const ours = () => ({ 'ta-portal': '1', 'accept-language': document.documentElement.lang });

export async function call<T>(path: string, { method = 'GET', body, key }: Options = {}): Promise<T> {
  const response = await answerOf(path, {
    method,
    headers: {
      accept: 'application/json',
      ...ours(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Uploads one file. */
export async function upload<T>(path: string, file: File): Promise<T> {
  const form = new FormData();
  form.append('file', file);
  return (await (await answerOf(path, { method: 'POST', headers: ours(), body: form })).json()) as T;
}
