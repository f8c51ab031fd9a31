/**
 * Loaded before a worker's own code (`--require`): told `die-in-gap`, the process is killed as soon as MongoDB has committed the
 * next transaction that wrote a journal: after the commit, and before Temporal hears of it.
 */
'use strict';
const { mongo } = require('mongoose');

const journals = new WeakSet();
let armed = false;

for (const name of ['insertOne', 'insertMany', 'bulkWrite', 'replaceOne', 'updateOne']) {
  const before = mongo.Collection.prototype[name];
  mongo.Collection.prototype[name] = function (...args) {
    const options = args[args.length - 1];
    if (this.collectionName === 'journal' && options && options.session) journals.add(options.session);
    return before.apply(this, args);
  };
}

const commit = mongo.ClientSession.prototype.commitTransaction;
mongo.ClientSession.prototype.commitTransaction = async function (...args) {
  const done = await commit.apply(this, args);
  if (armed && journals.has(this)) process.kill(process.pid, 'SIGKILL');
  return done;
};

process.on('message', (word) => {
  if (word === 'die-in-gap') armed = true;
});
