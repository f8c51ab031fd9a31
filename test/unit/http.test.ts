/** The small parts of the HTTP API: problems by code, cursors, CSV, depth of JSON, preferences. */
import { ServiceError } from '@temporalio/client';
import fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { csvLine } from '../../clients/http/csv';
import { cursorOf, placeIn } from '../../clients/http/cursors';
import { preferenceOf } from '../../clients/http/headers';
import { isDeeper } from '../../clients/http/json-body';
import { httpProblems, problem, problemOf, problemOfRefusal, statusOf } from '../../clients/http/problem';
import { Refused, Unavailable } from '../../clients/errors';
import { refusals, refuse, type RefusalCode } from '../../domain/refusal';
import { assertAll } from '../support/arbitraries';

describe('problems', () => {
  test('every refusal has a status of its kind, its rule and its text', () => {
    for (const code of Object.keys(refusals) as RefusalCode[]) {
      const told = problemOfRefusal(refuse(code));
      expect(problem.parse(told)).toMatchObject({ code, title: refusals[code].text, status: statusOf(code) });
      expect([400, 403, 404, 409, 410, 413, 415, 422, 500, 503]).toContain(told.status); // 410, 415: of files
    }
  });

  test('no code of HTTP is one of the catalogue, but for the form of a message', () => {
    expect(Object.keys(httpProblems).filter((code) => code in refusals)).toEqual(['message.invalid']);
    expect(httpProblems['message.invalid'][0]).toBe(statusOf('message.invalid'));
  });

  test('the fields of a wrong form are told by their place', () => {
    const told = problemOf(
      new Refused(refuse('message.invalid', 'data.total.amount: expected int; data: Unrecognized key: "x"')),
    );
    expect(told.fields).toEqual([
      { in: 'body', path: 'total.amount', message: 'expected int' },
      { in: 'body', path: '', message: 'Unrecognized key: "x"' },
    ]);
  });

  test('nothing of a fault of ours is told', () => {
    expect(problemOf(new Error('password is hunter2'))).toMatchObject({ status: 500, code: 'service.failed' });
    expect(JSON.stringify(problemOf(new Error('password is hunter2')))).not.toContain('hunter2');
    expect(problemOf(new Unavailable(new Error('x')))).toMatchObject({ status: 503, code: 'service.unavailable' });
  });
});

describe('a server that is away for now is 503, not a fault of ours', () => {
  const grpc = (code: number, details: string) =>
    Object.assign(new Error(`${String(code)} ${details}`), { code, details, metadata: {} });
  const mongo = (name: string) => Object.assign(new Error('away'), { name });
  test.each([
    [
      'Temporal, whose client wraps what gRPC says',
      new ServiceError('Update failed', { cause: grpc(14, 'no connection') }),
    ],
    [
      'an order whose workflow task fails at this moment',
      new ServiceError('Update failed', {
        cause: grpc(9, 'Unable to perform workflow execution update due to Workflow Task in failed state.'),
      }),
    ],
    [
      'an order whose first task was not done in time',
      new ServiceError('Update-with-Start failed', {
        cause: grpc(9, 'Update-with-Start could not be executed.'),
      }),
    ],
    ['Temporal with too much to do', grpc(8, 'rate limit exceeded')],
    ['MongoDB without a primary', mongo('MongoServerSelectionError')],
  ])('%s', (_, fault) => {
    expect(problemOf(fault)).toMatchObject({ status: 503, code: 'service.unavailable' });
  });

  test('another precondition that fails is a fault', () => {
    expect(problemOf(new ServiceError('Update failed', { cause: grpc(9, 'no such thing') }))).toMatchObject({
      status: 500,
    });
  });
});

describe('cursors', () => {
  const place = z.strictObject({ at: z.string(), id: z.string() });
  const list = { supplier: 'a' };

  test('a cursor leads back to its place, in its own list only', () => {
    assertAll(
      fc.property(fc.record({ at: fc.string(), id: fc.string() }), (where) => {
        const cursor = cursorOf('secret', list, where);
        expect(placeIn('secret', list, cursor, place)).toEqual(where);
        expect(() => placeIn('secret', { supplier: 'b' }, cursor, place)).toThrow();
        expect(() => placeIn('another', list, cursor, place)).toThrow();
      }),
      200,
    );
  });

  test('a cursor of which anything was changed, and what never was one, is refused', () => {
    const cursor = cursorOf('secret', list, { at: '2026', id: 'o-1' });
    assertAll(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom('A', 'b', '7', '.'), (index, letter) => {
        fc.pre(cursor[index] !== letter);
        const changed = cursor.slice(0, index) + letter + cursor.slice(index + 1);
        expect(() => placeIn('secret', list, changed, place)).toThrow(httpProblems['cursor.invalid'][1]);
      }),
      200,
    );
    for (const text of ['', '.', 'x', 'x.y.z']) expect(() => placeIn('secret', list, text, place)).toThrow();
  });
});

test('CSV quotes what needs it, and gives a spreadsheet no formula', () => {
  expect(csvLine(['a,b', 'say "hi"', undefined, 7, '=1+1', '-x', 'line\nbreak'])).toBe(
    `"a,b","say ""hi""",,7,'=1+1,'-x,"line\nbreak"\r\n`,
  );
  const hidden = ['＝1+1', '＋1', '－1', '＠x', ' =1+1', '\u00a0=1', '\ufeff=1', '\u200b=1', '\t=1', '\n=1', '\r\n=1'];
  for (const cell of hidden) expect([cell, csvLine([cell]).replace(/^"/, '').startsWith("'")]).toEqual([cell, true]);
  expect(csvLine(['a =1', '1 - 2', '–'])).toBe('a =1,1 - 2,–\r\n');
});

test('depth is that of arrays and objects, not of texts', () => {
  expect(isDeeper('{"a":[1,{"b":2}]}', 3)).toBe(false);
  expect(isDeeper('{"a":[1,{"b":2}]}', 2)).toBe(true);
  expect(isDeeper(String.raw`{"a":"[[[[\"[[["}`, 1)).toBe(false);
  expect(isDeeper('['.repeat(1_000_000), 24)).toBe(true);
});

test('Prefer says how long to wait, and whether at all', () => {
  const of = (prefer?: string) => preferenceOf({ headers: { prefer } } as unknown as FastifyRequest);
  expect(of()).toEqual({ respondAsync: false });
  expect(of('respond-async, wait=5')).toEqual({ respondAsync: true, wait: 5 });
  expect(of('wait=9000')).toEqual({ respondAsync: false, wait: 60 });
  expect(of('wait=soon, handling=lenient')).toEqual({ respondAsync: false });
});
