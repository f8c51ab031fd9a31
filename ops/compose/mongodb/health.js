// For mongosh. Healthy: the primary, or a server that waits for its first `rs.initiate` (see setup.js).
const hello = db.hello();
quit(hello.isWritablePrimary || hello.isreplicaset ? 0 : 1);
