/**
 * The rules, loaded once for all workflows of a worker (`workers/bundle.ts`): else each order would build all forms of zod for
 * itself, and run rules that V8 has not compiled yet. `domain/` is pure: nothing of one order stays behind in a module.
 */
import '../domain/decide';
import '../domain/deadlines';
import '../domain/effects';
import '../domain/enrolment';
import '../domain/enrolment-messages';
import '../domain/enrolment-policy';
import '../domain/evolve';
import '../domain/funds';
import '../domain/parse';
import '../domain/settlement';
import '../domain/suspense';
import '../domain/view';
import '../domain/withdrawal';

/** Webpack's: the modules of the bundle by id, and those loaded so far. */
declare const __webpack_modules__: Record<string, unknown>;
declare const __webpack_module_cache__: Record<string, { exports: object } | undefined>;

// The SDK freezes what workflows share, through and through, but stops at what is frozen already. A form of zod works out
// some of itself when it is first used, and could not any more: so each module is frozen, and what it exports is not.
for (const id of Object.keys(__webpack_modules__)) {
  const isOurs = /\/domain\/|\/node_modules\/(?:zod|dinero\.js)\//.test(id);
  const loaded = isOurs ? __webpack_module_cache__[id] : undefined;
  if (loaded) Object.freeze(loaded.exports);
}
