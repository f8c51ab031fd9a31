// For mongosh, on the database `admin`: the replica set, and the product's user with its present password. May run
// again at any time; a changed MONGODB_PASSWORD is taken over.
const { MONGODB_ROOT_PASSWORD, MONGODB_PASSWORD } = process.env;
if (!/^[A-Za-z0-9._~-]+$/.test(MONGODB_PASSWORD)) {
  throw new Error('MONGODB_PASSWORD stands in an address: only letters, digits and . _ ~ - are possible.');
}

db.auth('root', MONGODB_ROOT_PASSWORD);
if (!db.hello().setName) {
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] });
  print('Replica set rs0 initiated.');
}
for (let seconds = 0; !db.hello().isWritablePrimary; seconds++) {
  if (seconds === 60) throw new Error('No primary after 60 seconds.');
  sleep(1000);
}

const products = db.getSiblingDB('trade_assurance');
// The sandbox, where it runs, keeps its books beside ours.
const sandbox = { role: 'readWrite', db: 'trade_assurance_sandbox' };
const user = { pwd: MONGODB_PASSWORD, roles: ['readWrite', 'dbAdmin', sandbox] };
if (products.getUser('trade_assurance')) products.updateUser('trade_assurance', user);
else products.createUser({ user: 'trade_assurance', ...user });
print('User trade_assurance is up to date.');
