#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the libFuzzer targets and runs each, one after the other, beginning with its corpus.
#
#   tools/fuzz.sh [SECONDS] [TARGET...]   600 seconds and all targets unless given
#
# What is found lies in build/fuzz/found/TARGET. CXX names another clang++.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
shift || true
targets=("$@")
if ((${#targets[@]} == 0)); then
  targets=(body forwarded header json query target tile token)
fi
cmake --preset fuzz -D CMAKE_CXX_COMPILER="${CXX:-clang++-19}"
cmake --build build/fuzz -j "$(nproc)" --target "${targets[@]/#/fuzz_}"
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/found/$target" "build/fuzz/seeds/$target"
  "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=20000 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$target/" "build/fuzz/seeds/$target" "tests/fuzz/corpus/$target"
done
