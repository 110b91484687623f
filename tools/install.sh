#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the packages that the project needs; does nothing, at once, when all are there. Knows Debian 12 and 13 and
# Ubuntu 24.04; docs/versions.md says what was tried where.
#
#   tools/install.sh [GROUP...]   run build test lint bench fuzz; "run build" unless given
#   tools/install.sh --list [GROUP...]   prints their names instead
#
# DIARY_OS_RELEASE names another file than /etc/os-release.
set -euo pipefail

usage() {
  sed -n '3,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# What the releases differ in: the versions in the packages' names.
release=${DIARY_OS_RELEASE:-/etc/os-release}
system=unknown
# shellcheck source=/dev/null
[[ ! -r $release ]] || system=$(. "$release" && echo "${ID:-unknown} ${VERSION_ID:-unknown}")
known=true
browser=(chromium)
case $system in
  "debian 12") pg=15 boost=1.81 ;;
  "debian 13") pg=17 boost=1.83 ;;
  "ubuntu 24.04") pg=16 boost=1.83 browser=() ;;   # has it as a snap alone: DIARY_CHROMIUM names one
  *) pg=15 boost=1.81 known=false ;;
esac

run=("postgresql-$pg" "postgresql-$pg-postgis-3" "postgresql-client-$pg")
build=(
  cmake g++ make ninja-build pkg-config
  "libboost$boost-dev" "libboost-json$boost-dev" "libboost-url$boost-dev"
  libcli11-dev libcrypt-dev libexpat1-dev libexpected-dev libfmt-dev libgeographiclib-dev libhiredis-dev libjwt-dev
  libpq-dev libprotozero-dev libspdlog-dev libssl-dev libtomlplusplus-dev nodejs npm
  zlib1g-dev
)
test=(
  "${browser[@]}" curl fonts-liberation fonts-noto-color-emoji gdal-bin jq libfaketime libgmock-dev libgtest-dev
  libtap-parser-sourcehandler-pgtap-perl openssl pgbackrest pgbouncer
  "postgresql-$pg-cron" "postgresql-$pg-pgrouting" "postgresql-$pg-pgtap" redis-server systemd
)
lint=(clang-format-19 clang-tidy-19 shellcheck)
fuzz=(clang-19 libclang-rt-19-dev)
bench=(osm2pgsql "postgresql-$pg-pgrouting" python3 time wrk)

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
      fuzz) wanted+=("${fuzz[@]}") ;;
      *) usage ;;
    esac
  done
done
mapfile -t wanted < <(printf '%s\n' "${wanted[@]}" | awk '!seen[$0]++')   # groups may share a package
if ! $known; then
  cat >&2 <<EOF
install.sh: this is "$system", whose packages are not known here: Debian 12, Debian 13 and Ubuntu 24.04 are.
Install what they are called on this system (these are Debian 12's names), then use cmake --preset directly:
  ${wanted[*]}
EOF
  exit 1
fi
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
