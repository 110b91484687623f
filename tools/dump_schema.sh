#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dump_schema.sh [BUILD]: writes db/schema.sql, the schema that the migrations make, from a throwaway database.
# BUILD is a folder that tests were built in (build/dev). dump_schema.sh --print CONNINFO: prints a database's.
set -eu
cd "$(dirname "$0")/.."

# Without what differs from one pg_dump of the same major version to the next, and from one month to the next.
print() {
  pg_dump --schema-only --no-owner --exclude-table='diary.*_p[0-9]*' --dbname="$1" |
    sed -e '/^-- Dumped \(from\|by\) /d' -e '/^\\\(un\)\{0,1\}restrict /d'
}

if [ "${1:-}" = --print ]; then
  print "$2"
  exit
fi
if [ "${1:-}" = --here ]; then   # inside with_cluster
  name=schema_dump_$$
  at="host=$DIARY_TEST_CLUSTER user"
  psql -qX -v ON_ERROR_STOP=1 -d "$at=postgres dbname=postgres" -c "CREATE DATABASE $name OWNER diary_owner TEMPLATE diary"
  "$2/diary" migrate --database "$at=diary_owner dbname=$name" >&2
  print "$at=postgres dbname=$name" > db/schema.sql.new
  mv db/schema.sql.new db/schema.sql
  exit
fi
build=${1:-build/dev}
exec "$build/tests/with_cluster" "$0" --here "$build"
