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
      name: 'web-shows-the-domain',
      comment: 'The portal runs in a browser: of the server it knows the types of its answers only.',
      severity: 'error',
      from: { path: '^web/' },
      to: {
        path: '^(clients|workflows|activities|store|config|partners|workers|ops|seeds)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-the-portal',
      severity: 'error',
      from: { pathNot: '^(web|test)/' },
      to: { path: '^web/' },
    },
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
      from: { path: '^domain/', pathNot: '^domain/revisions' },
      to: { pathNot: '^(domain/|seeds/policies/|node_modules/(zod|dinero\\.js)/)' },
    },
    {
      name: 'revisions-are-told-by-a-diff',
      comment: 'For readers, outside of the workflow.',
      severity: 'error',
      from: { path: '^domain/revisions' },
      to: { pathNot: '^(domain/|node_modules/microdiff/)' },
    },
    {
      name: 'mongoose-only-in-store',
      severity: 'error',
      comment:
        'ops/ initiates the replica set of a server that it has just started; the sandbox is another house, whose books ' +
        'are none of the store.',
      from: { pathNot: '^(store|test|ops/servers|sandbox)/' },
      to: { path: '^node_modules/(mongoose|mongodb)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-run-in-a-sandbox',
      comment: 'Of activities and the store a workflow takes types only.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|store|partners|workers|relay|clients|ops|seeds)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'partners-are-outside',
      comment: 'The outside parties know the domain and the settings only.',
      severity: 'error',
      from: { path: '^partners/' },
      to: { path: '^(store|activities|workflows|workers|clients|ops|seeds|sandbox)/' },
    },
    {
      name: 'partners-are-called-by-activities',
      comment: 'The domain and the store call nobody.',
      severity: 'error',
      from: { path: '^(domain|config|store|seeds)/' },
      to: { path: '^partners/' },
    },
    {
      name: 'clients-hear-of-partners',
      comment: 'They take in what partners call back with, and call none; they know which addresses may be called.',
      severity: 'error',
      from: { path: '^clients/' },
      to: { path: '^partners/', pathNot: '^partners/(events|http|addresses)\\.ts$' },
    },
    {
      name: 'sandbox-stands-in-for-others',
      comment: 'It shares the forms of partners/ with the product, and nothing that the product does.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(store|activities|workflows|workers|clients|ops|seeds)/' },
    },
    {
      name: 'no-diff-in-the-workflow',
      comment: 'What the workflow loads is replayed for as long as its orders live.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^node_modules/microdiff/', reachable: true },
    },
    {
      name: 'processes-are-not-imported',
      severity: 'error',
      from: { path: '^(domain|store|activities|workflows|clients|partners)/' },
      to: { path: '^(workers|relay|ops|sandbox|bench|test)/' },
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
    exclude: { path: '^(dist|web/dist|\\.data)/' },
  },
};
