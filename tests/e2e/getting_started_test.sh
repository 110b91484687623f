#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# getting_started_test.sh DIARY DOCUMENT: runs the commands of DOCUMENT (its ```sh blocks, in order, in one shell)
# against a demo server of its own.
set -euo pipefail
diary=$1
document=$2
for needed in curl jq; do
  command -v $needed >/dev/null || { echo "getting_started_test.sh: no $needed; see tools/install.sh test" >&2; exit 1; }
done

work=$(mktemp -d)
chmod 755 "$work"   # the database's user passes through
server=
leave() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" || true; }
  rm -rf "$work"
}
trap leave EXIT

mkfifo "$work/said"
DIARY_BCRYPT_COST=4 "$diary" serve --demo --data "$work/data" --listen 127.0.0.1:0 >"$work/said" 2>"$work/log" &
server=$!
read -r _ _ address <"$work/said" || { cat "$work/log" >&2; exit 1; }

# shellcheck disable=SC2016  # the backticks are Markdown's
sed -n '/^```sh$/,/^```$/{/^```/d;p}' "$document" >"$work/commands"
commands=$(grep -c . "$work/commands")
[ "$commands" -ge "${3:-20}" ] || { echo "$document has only $commands lines of commands" >&2; exit 1; }
API="$address/api/v1" bash -euxo pipefail "$work/commands"
