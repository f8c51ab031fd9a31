#!/usr/bin/env bash
# Writes the key file of the replica set from MONGODB_REPLICA_KEY, then goes on with the image's own entry point.
# /data/configdb is a tmpfs: the key is never on a disk. mongod refuses a key file that others may read.
set -euo pipefail
umask 077

key=/data/configdb/keyfile
rm -f "$key"
printf '%s\n' "$MONGODB_REPLICA_KEY" >"$key"
unset MONGODB_REPLICA_KEY
exec docker-entrypoint.sh "$@"
