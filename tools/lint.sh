#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All that can be said of the sources without running them. clang-tidy looks at what `git ls-files` names, or only at
# the files given as arguments.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/lint

say() { printf '== %s\n' "$1"; }

say "format"
git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format-19 --dry-run -Werror

say "layers"
tools/layers.sh

say "scripts"
git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck

# The build first: clang-tidy reads generated headers.
say "each file and header compiles alone"
cmake --preset lint >/dev/null
cmake --build $build -j "$(nproc)" --target all all_verify_interface_header_sets

say "clang-tidy"
files=("$@")
((${#files[@]})) || mapfile -t files < <(git ls-files 'src/**.cpp' 'tests/**.cpp' ':!tests/fuzz')
run-clang-tidy-19 -quiet -p $build -j "$(nproc)" "${files[@]/#/$PWD/}"
