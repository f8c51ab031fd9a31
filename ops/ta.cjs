#!/usr/bin/env node
/** The command `ta` of the package: the compiled CLI when there is one, else its source, as npm's script runs it. */
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const compiled = join(__dirname, '..', 'dist', 'clients', 'cli', 'main.js');
const isCheckout = existsSync(join(__dirname, '..', 'clients', 'cli', 'main.ts'));

// In a checkout the source is what counts: a build left behind may be old.
if (!isCheckout && existsSync(compiled)) {
  require(compiled);
} else {
  process.argv.splice(2, 0, 'clients/cli/main.ts');
  require('./run.cjs');
}
