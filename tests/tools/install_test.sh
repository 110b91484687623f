#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install_test.sh INSTALL: the names of each system's packages, and what a stranger is told.
set -euo pipefail

install=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "install_test: $1" >&2
  exit 1
}

# names ID VERSION_ID [GROUP...]
names() {
  printf 'PRETTY_NAME="Some system"\nID=%s\nVERSION_ID="%s"\n' "$1" "$2" >"$scratch/os-release"
  DIARY_OS_RELEASE=$scratch/os-release "$install" --list "${@:3}"
}

# expect ID VERSION_ID POSTGRESQL BOOST
expect() {
  local listed
  listed=$(names "$1" "$2" run build test lint bench)
  for package in "postgresql-$3" "postgresql-$3-postgis-3" "postgresql-client-$3" "postgresql-$3-pgtap" \
    "libboost$4-dev" "libboost-json$4-dev" "libboost-url$4-dev" libcli11-dev libtomlplusplus-dev; do
    grep -qxF "$package" <<<"$listed" || fail "$1 $2: $package is missing"
  done
  [[ $(grep -oE '^postgresql-(client-)?[0-9]+' <<<"$listed" | grep -oE '[0-9]+$' | sort -u) == "$3" ]] ||
    fail "$1 $2: another PostgreSQL than $3"
  [[ $(grep -oE '^libboost.*[0-9.]+' <<<"$listed" | grep -oE '1[.][0-9]+' | sort -u) == "$4" ]] ||
    fail "$1 $2: another Boost than $4"
  [[ -z $(sort <<<"$listed" | uniq -d) ]] || fail "$1 $2: a package is listed twice"
}
expect debian 12 15 1.81
expect debian 13 17 1.83
expect ubuntu 24.04 16 1.83
[[ $(names debian 12) == "$(names debian 12 run build)" ]] || fail "run and build are what is meant without a group"

for system in "fedora 41" "debian 11" "ubuntu 22.04"; do
  # shellcheck disable=SC2086  # two words
  if told=$(names $system run build 2>&1); then fail "$system was taken"; fi
  for word in "$system" "Debian 12" postgresql-15-postgis-3 libboost1.81-dev; do
    grep -qF "$word" <<<"$told" || fail "$system is not told of $word"
  done
done
if told=$(DIARY_OS_RELEASE=$scratch/none "$install" --list 2>&1); then fail "no os-release was taken"; fi
grep -qF postgresql-15 <<<"$told" || fail "a system without os-release is told nothing"
if names debian 12 nonsense 2>/dev/null; then fail "a group that there is not was taken"; fi
