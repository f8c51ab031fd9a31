// Imports point one way: clients → workflows → activities → store → domain; everything may use the domain and the settings.
const layers = ['domain', 'store', 'activities', 'workflows', 'clients'];
const upward = layers.flatMap((layer, index) =>
  layers.slice(index + 1).map((above) => ({
    name: `${layer}-does-not-know-${above}`,
    severity: 'error',
    from: { path: `^${layer}/` },
    to: { path: `^${above}/` },
  })),
);

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain imports zod and the money library only.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: '^(domain/|seeds/policies/|node_modules/(zod|dinero\\.js)/)' },
    },
    {
      name: 'mongoose-only-in-store',
      severity: 'error',
      comment: 'ops/ initiates the replica set of a server that it has just started.',
      from: { pathNot: '^(store|test|ops/servers)/' },
      to: { path: '^node_modules/(mongoose|mongodb)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-run-in-a-sandbox',
      comment: 'Of activities and the store a workflow takes types only.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|store|workers|clients|ops|seeds)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'processes-are-not-imported',
      severity: 'error',
      from: { path: '^(domain|store|activities|workflows|clients)/' },
      to: { path: '^(workers|ops|bench|test)/' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|\\.data)/' },
  },
};
