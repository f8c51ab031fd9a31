/**
 * Loaded before a process's own code (`--require`): told `{ clock: ms }`, its clock goes on as if it had been set so much forward
 * or back, as when a machine finds its time server again; told 0, it is right again.
 */
'use strict';
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  const RealDate = Date;
  let shiftMs = 0;
  const now = () => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, made) => Reflect.construct(target, args.length > 0 ? args : [now()], made),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  process.on('message', (word) => {
    if (typeof word?.clock === 'number') shiftMs = word.clock;
  });
}
