#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which folder of src/ may include which. Names every #include that goes the wrong way and exits 1.
#
#   tools/layers.sh [ROOT]   ROOT holds src/; the tree this script lies in unless given
set -euo pipefail

root=${1:-$(cd "$(dirname "$0")/.." && pwd)}

# A folder may include itself and what stands behind it. "sql" is what cmake makes of db/.
table='
base      :
domain    : base
pg        : base
graph     : base domain
store     : base domain pg sql
snapshot  : base domain graph store
app       : base domain pg graph store snapshot
import    : base domain pg store
demo      : base domain pg store
http      : base domain graph snapshot app
cli       : base domain pg graph store snapshot app import demo http
bin       : cli
'

cd "$root"
# shellcheck disable=SC2016  # the dollars are awk's
find src -name '*.hpp' -o -name '*.cpp' | sort | xargs -r awk -v table="$table" '
  BEGIN {
    rows = split(table, row, "\n")
    for (i = 1; i <= rows; ++i) {
      n = split(row[i], word, " ")
      if (n < 2) continue
      known[word[1]] = 1
      allowed[word[1], word[1]] = 1
      for (j = 3; j <= n; ++j) allowed[word[1], word[j]] = 1
    }
  }
  FNR == 1 {
    split(FILENAME, part, "/")
    from = part[2]
    if (!(from in known)) { print FILENAME ": folder src/" from " is not in the table of tools/layers.sh"; bad = 1 }
  }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    if (split(quoted[2], to, "/") < 2) {
      print FILENAME ":" FNR ": \"" quoted[2] "\" must be named from src/"
      bad = 1
    } else if (!((from, to[1]) in allowed)) {
      print FILENAME ":" FNR ": " from " must not include " quoted[2]
      bad = 1
    }
  }
  END { exit bad }'
