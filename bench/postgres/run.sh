#!/usr/bin/env bash
# Runs a command beside a Temporal server of its own that keeps its state in a PostgreSQL of its own, and removes both afterwards:
#   bench/postgres/run.sh npm run bench:scale -- --environment
# It needs Go, PostgreSQL's programs (initdb, pg_ctl) in PATH, and the Temporal CLI; the server is built from its Go module. The command finds the server
# by TEMPORAL_ADDRESS.
set -euo pipefail

version=v1.32.0
shards=${TEMPORAL_HISTORY_SHARDS:-512}
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/trade-assurance/temporal-server-$version
data=$(mktemp -d)
server=

finish() {
  if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
  as_owner pg_ctl -D "$data/postgres" -m immediate stop >"$data/stop.log" 2>&1 || true
  rm -rf "$data"
}
trap finish EXIT

# PostgreSQL refuses to be run by root.
as_owner() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid nobody --regid nogroup --clear-groups "$@"); else "$@"; fi; }
# Free ports; PostgreSQL's schema of Temporal keeps them as signed integers of 16 bits.
free_ports() { node -e '
  const net = require("net");
  const open = (port) =>
    new Promise((done) => {
      const one = net.createServer().once("error", () => done()).listen(port, "127.0.0.1", () => done(one));
    });
  (async () => {
    const taken = [];
    while (taken.length < 9) {
      const one = await open(20000 + Math.floor(Math.random() * 12000));
      if (one) taken.push(one);
    }
    console.log(taken.map((one) => one.address().port).join(" "));
    taken.forEach((one) => one.close());
  })();'; }

if [ ! -x "$cache/temporal-sql-tool" ]; then
  echo "Building the server $version from its Go module …" >&2
  module=$(go mod download -json "go.temporal.io/server@$version" | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).Dir')
  mkdir -p "$cache"
  cp -r "$module/schema/postgresql/v12" "$cache/schema" && chmod -R u+w "$cache/schema"
  (cd "$module" && go build -mod=mod -o "$cache/temporal-server" ./cmd/server)
  (cd "$module" && go build -mod=mod -o "$cache/temporal-sql-tool" ./cmd/tools/sql)
fi

read -r postgres frontend frontend_members history history_members matching matching_members worker worker_members <<<"$(free_ports)"
chmod 755 "$data"
mkdir "$data/postgres"
if [ "$(id -u)" = 0 ]; then chown nobody "$data/postgres"; fi
as_owner initdb -D "$data/postgres" -U temporal --auth trust >"$data/initdb.log"
as_owner pg_ctl -D "$data/postgres" -w -l "$data/postgres/log" \
  -o "-p $postgres -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200" start >"$data/start.log"

sql() { "$cache/temporal-sql-tool" --plugin postgres12 --ep 127.0.0.1 --port "$postgres" --user temporal "$@" >>"$data/schema.log" 2>&1; }
for database in temporal visibility; do
  sql --database "$database" create-database
  sql --database "$database" setup-schema --version 0.0
  sql --database "$database" update-schema --schema-dir "$cache/schema/$database/versioned"
done

store() { echo "{ sql: { pluginName: postgres12, databaseName: $1, connectAddr: '127.0.0.1:$postgres', connectProtocol: tcp, user: temporal, password: '', maxConns: 40, maxIdleConns: 40, maxConnLifetime: 1h } }"; }
service() { echo "{ rpc: { grpcPort: $1, membershipPort: $2, bindOnLocalHost: true } }"; }
mkdir "$data/config"
cat >"$data/config/development.yaml" <<END
log: { stdout: true, level: warn }
persistence:
  defaultStore: main
  visibilityStore: visibility
  numHistoryShards: $shards
  datastores: { main: $(store temporal), visibility: $(store visibility) }
global: { membership: { maxJoinDuration: 30s, broadcastAddress: 127.0.0.1 } }
services:
  frontend: $(service "$frontend" "$frontend_members")
  history: $(service "$history" "$history_members")
  matching: $(service "$matching" "$matching_members")
  worker: $(service "$worker" "$worker_members")
clusterMetadata:
  enableGlobalNamespace: false
  failoverVersionIncrement: 10
  masterClusterName: active
  currentClusterName: active
  clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcAddress: '127.0.0.1:$frontend' } }
dcRedirectionPolicy: { policy: noop }
dynamicConfigClient: { filepath: $here/../../ops/compose/temporal/dynamic-config.yaml, pollInterval: 60s }
END
"$cache/temporal-server" --root "$data" --config config --env development start >"$data/server.log" 2>&1 &
server=$!

export TEMPORAL_ADDRESS=127.0.0.1:$frontend
# The Temporal CLI: from PATH, else the one that `npm start` has cached.
for cli in "${XDG_CACHE_HOME:-$HOME/.cache}"/trade-assurance/temporal/*/; do PATH=$PATH:$cli; done
if ! TEMPORAL_NAMESPACE=default TEMPORAL_RETENTION=72h sh "$here/../../ops/compose/temporal/namespace.sh" >&2; then
  tail -n 3 "$data/schema.log" "$data/server.log" | cut -c1-400 >&2
  exit 1
fi
echo "Temporal $version on PostgreSQL, $shards shards, at $TEMPORAL_ADDRESS" >&2
"$@"
