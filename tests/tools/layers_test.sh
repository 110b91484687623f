#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# layers_test.sh LAYERS_SH: the checker finds what it is there to find, and nothing in a tree that is clean.
set -euo pipefail
layers=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src/http" "$tree/src/app" "$tree/src/base"

complain() {
  echo "layers_test: $1" >&2
  exit 1
}

# refuse FILE LINE EXPECTED: a tree with LINE in FILE is refused, in these words.
refuse() {
  printf '// a comment\n%s\n' "$2" >"$tree/$1"
  local said
  if said=$("$layers" "$tree"); then complain "took $2 in $1"; fi
  [[ $said == *"$3"* ]] || complain "said \"$said\" of $2 in $1"
  rm "$tree/$1"
}

printf '#include "app/gate.hpp"\n#include <vector>\n#include "http/a.hpp"\n' >"$tree/src/http/clean.cpp"
"$layers" "$tree" || complain "refused a clean tree"

refuse src/http/reply.cpp '#include "store/user.hpp"' 'src/http/reply.cpp:2: http must not include store/user.hpp'
refuse src/http/reply.cpp '#  include "pg/connection.hpp"' 'src/http/reply.cpp:2: http must not include pg/connection.hpp'
refuse src/base/time.hpp '#include "domain/segment.hpp"' 'src/base/time.hpp:2: base must not include domain/segment.hpp'
refuse src/app/gate.cpp '#include "sql/queries.hpp"' 'src/app/gate.cpp:2: app must not include sql/queries.hpp'
refuse src/app/gate.cpp '#include "gate.hpp"' 'src/app/gate.cpp:2: "gate.hpp" must be named from src/'
mkdir "$tree/src/helpers"
refuse src/helpers/a.cpp '' 'folder src/helpers is not in the table'
