#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy_test.sh DEPLOY DIARY: systemd takes the unit as it stands, finds it well locked up, and the program knows every
# variable of the environment file. Refused on purpose once, so that silence is no pass.
set -euo pipefail

deploy=$1
diary=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "deploy_test: $1" >&2
  exit 1
}

# verify wants the program to be there; of some complaints only its stderr knows.
check_unit() {
  local said
  said=$(systemd-analyze verify "$1" 2>&1) || true
  echo -n "$said"
  [[ -z $said ]]
}
sed "s#^ExecStart=[^ ]*#ExecStart=$diary#" "$deploy/diary.service" >"$scratch/diary.service"
check_unit "$scratch/diary.service" || fail "systemd complains about diary.service"
systemd-analyze security --offline=yes --threshold=20 "$scratch/diary.service" >/dev/null ||
  fail "diary.service is less locked up than 2.0 of systemd-analyze security"

mkdir "$scratch/bad"
sed 's/^KillMode=.*/KillMood=mixed/' "$scratch/diary.service" >"$scratch/bad/diary.service"
check_unit "$scratch/bad/diary.service" >/dev/null && fail "a wrong key was taken"
sed '/^Protect\|^Restrict[A-Z]\|^SystemCall\|^Private/d' "$scratch/diary.service" >"$scratch/bad/diary.service"
systemd-analyze security --offline=yes --threshold=20 "$scratch/bad/diary.service" >/dev/null 2>&1 &&
  fail "an open unit was taken"

known=$("$diary" config | sed 's/.*, //')
while read -r name; do
  grep -qxF "$name" <<<"$known" || fail "diary.env names $name, which diary config does not"
done < <(sed -n 's/^#\{0,1\}\([A-Z_][A-Z_]*\)=.*/\1/p' "$deploy/diary.env")
