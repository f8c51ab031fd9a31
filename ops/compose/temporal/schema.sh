#!/bin/sh
# Creates Temporal's two databases and brings their schemas to this server's version. Every step may run again:
# `docker compose up` runs it at each start, and after an upgrade it migrates. Connection: SQL_* of the environment.
set -eu

for database in temporal temporal_visibility; do
  versioned="/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned"
  temporal-sql-tool --database "$database" create-database
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-dir "$versioned"
done
echo 'Schemas of temporal and temporal_visibility are up to date.'
