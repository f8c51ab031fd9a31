/**
 * Loaded before any workflow (`workers/bundle.ts`). The SDK takes a stack trace of every promise of a workflow, for the query
 * `__stack_trace`, and looks up each of its lines in the source map. Its own two lines and four of ours say where an order
 * stands; V8's ten cost more and say no more.
 */
Error.stackTraceLimit = 6;
