#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and tests the tree on another Debian, from nothing: makes its base system in a folder, copies the tree there,
# and runs a command, "make test" unless given. What the machine's own packages have is not seen. docs/versions.md
# holds what came out.
#
#   tools/test_in_chroot.sh SUITE [COMMAND...]   trixie (Debian 13), bookworm (Debian 12); as root
#
# The folder, DIARY_CHROOT or /var/tmp/diary-SUITE, is kept for the next time. Packages come from where this machine
# takes its own.
set -euo pipefail

if (($# < 1)); then
  sed -n '3,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
suite=$1
shift
command=("${@:-make}")
(($#)) || command+=(test)
root=${DIARY_CHROOT:-/var/tmp/diary-$suite}
tree=$(cd "$(dirname "$0")/.." && pwd)
for program in debootstrap unshare; do
  command -v "$program" >/dev/null || { echo "test_in_chroot.sh: $program is not installed" >&2 && exit 1; }
done
if ((EUID != 0)); then
  echo "test_in_chroot.sh: only root can change into another system" >&2
  exit 1
fi

# shellcheck disable=SC2016  # apt's, not the shell's
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
if [[ ! -e $root/made ]]; then
  debootstrap --variant=minbase "$suite" "$root" "${mirror:?this machine has no Debian mirror}"
  # Nothing that is installed shall start.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  touch "$root/made"
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
# By content: what did not change keeps its time and is not built again; what is gone from the tree goes there too.
mkdir -p "$root/diary"
git -C "$tree" ls-files -z --cached --others --exclude-standard | sort -zu >"$root/files"
(cd "$root/diary" && find . -path ./build -prune -o ! -type d -printf '%P\0') | sort -z |
  comm -z -23 - "$root/files" | (cd "$root/diary" && xargs -0r rm -f)
while IFS= read -r -d '' file; do
  cmp -s "$tree/$file" "$root/diary/$file" && continue
  mkdir -p "$(dirname "$root/diary/$file")"
  cp --preserve=mode "$tree/$file" "$root/diary/$file"
done <"$root/files"

# Mounts of its own, which end with it.
export root
# shellcheck disable=SC2016  # the inner shell's
exec unshare --mount bash -euc '
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/dev/shm"
  exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c "apt-get update -q >/dev/null && { command -v make >/dev/null || apt-get install -qy make >/dev/null; } &&
           cd /diary && exec \"\$@\"" sh "$@"' bash "${command[@]}"
