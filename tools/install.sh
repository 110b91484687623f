#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian 12 packages that the project needs; does nothing, at once, when all are there.
#
#   tools/install.sh [GROUP...]   run build test lint bench; "run build" unless given
#   tools/install.sh --list [GROUP...]   prints their names instead
set -euo pipefail

run=(postgresql-15 postgresql-15-postgis-3 postgresql-client-15)
build=(
  cmake g++ make ninja-build pkg-config
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libcli11-dev libcrypt-dev libexpat1-dev libexpected-dev libfmt-dev libgeographiclib-dev libjwt-dev libpq-dev
  libprotozero-dev libspdlog-dev libssl-dev libtomlplusplus-dev zlib1g-dev
)
test=(
  curl jq libfaketime libgmock-dev libgtest-dev libtap-parser-sourcehandler-pgtap-perl pgbackrest
  postgresql-15-cron postgresql-15-pgrouting postgresql-15-pgtap
)
lint=(clang-format-19 clang-tidy-19 shellcheck)
bench=(nodejs npm osm2pgsql time wrk)

usage() {
  sed -n '3,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

list=false
if [[ ${1:-} == --list ]]; then
  list=true
  shift
fi
wanted=()
for group in "${@:-run build}"; do
  for name in $group; do
    case $name in
      run) wanted+=("${run[@]}") ;;
      build) wanted+=("${build[@]}") ;;
      test) wanted+=("${test[@]}") ;;
      lint) wanted+=("${lint[@]}") ;;
      bench) wanted+=("${bench[@]}") ;;
      *) usage ;;
    esac
  done
done
if $list; then
  printf '%s\n' "${wanted[@]}"
  exit
fi

installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^ii *//p' || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
# A Node from elsewhere brings its own npm, which Debian's would collide with.
if command -v node >/dev/null && command -v npm >/dev/null; then
  still=()
  for package in "${missing[@]}"; do
    [[ $package == nodejs || $package == npm ]] || still+=("$package")
  done
  missing=("${still[@]}")
fi
((${#missing[@]})) || exit 0

echo "to be installed: ${missing[*]}" >&2
as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "install.sh: needs root, or sudo; as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

# Debian's server package makes and starts a cluster of its own at once. We bring our own, so it is told not to, for
# as long as this runs; clusters that exist are left as they are.
no_main_cluster=/etc/postgresql-common/createcluster.d/route-safety-diary.conf
if [[ " ${missing[*]} " == *" postgresql-"* && ! -e $no_main_cluster ]]; then
  "${as_root[@]}" mkdir -p "${no_main_cluster%/*}"
  echo 'create_main_cluster = false' | "${as_root[@]}" tee "$no_main_cluster" >/dev/null
  trap '"${as_root[@]}" rm -f "$no_main_cluster"' EXIT
fi

"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
