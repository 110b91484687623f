#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pgtap_test.sh BUILD [FILE...]: runs the pgTAP tests of db/tests, or those named, on a fresh, migrated database.
# BUILD is a folder that tests were built in (build/dev).
set -eu
build=$1
shift
if [ -z "${DIARY_TEST_CLUSTER:-}" ]; then
  exec "$build/tests/with_cluster" "$0" "$build" "$@"
fi
[ $# -gt 0 ] || set -- "$(cd "$(dirname "$0")/../.." && pwd)"/db/tests/*.sql
if ! command -v pg_prove >/dev/null; then
  echo "pgtap_test.sh: no pg_prove; see tools/install.sh test" >&2
  exit 1
fi

name=pgtap_$$
at="host=$DIARY_TEST_CLUSTER user"
as_superuser() { psql -qX -v ON_ERROR_STOP=1 -d "$at=postgres dbname=$1" -c "$2"; }
as_superuser postgres "CREATE DATABASE $name OWNER diary_owner TEMPLATE diary"
trap 'as_superuser postgres "DROP DATABASE $name WITH (FORCE)"' EXIT
"$build/diary" migrate --database "$at=diary_owner dbname=$name" >&2
# In a schema of its own: its thousand functions are nothing of ours.
as_superuser "$name" "CREATE SCHEMA tap; GRANT USAGE ON SCHEMA tap TO PUBLIC; CREATE EXTENSION pgtap SCHEMA tap"
pg_prove --host "$DIARY_TEST_CLUSTER" --username postgres --dbname "$name" "$@"
