// The tests in four projects: `unit` (pure, fast), `workflow` (time-skipping server), `integration` (real servers), `browser`.
const transform = {
  '^.+\\.[cm]?[jt]s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};
// Jest on Node 20 cannot require ESM (dinero.js, jose …), and fails at dynamic imports (mongodb, cookie) unless swc rewrites them.
const transformIgnorePatterns = [
  '/node_modules/(?!(.*/)?((dinero\\.js|@formatjs|intl-messageformat|jose|cookie|@fastify/cookie)/|mongodb/lib/runtime_adapters))',
];
// Real servers take longer than jest's 5 s, above all on a busy machine.
const setupFilesAfterEnv = ['<rootDir>/test/support/timeout.ts', '<rootDir>/test/support/properties.ts'];
const common = { testEnvironment: 'node', transform, transformIgnorePatterns, setupFilesAfterEnv };

module.exports = {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...common,
      displayName: 'workflow',
      testMatch: ['<rootDir>/test/workflow/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/workflow-setup.ts',
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/integration-setup.ts',
      globalTeardown: '<rootDir>/test/support/integration-teardown.ts',
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/browser-setup.ts',
      globalTeardown: '<rootDir>/test/support/integration-teardown.ts',
    },
  ],
};
