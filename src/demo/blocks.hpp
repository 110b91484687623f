// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns the tables of facts into lines on the grid. Refuses a table that names a street which is not there.

#include <string>
#include <vector>

#include "demo/facts.hpp"

namespace diary::demo {

// One unbroken run of a street, not yet cut at its crossings.
struct Run {
  std::string name;
  Numbering numbering;
  Kind kind;
  Path path;
};

// Grid streets first, so that their crossings become nodes before anything slanted comes near them.
[[nodiscard]] std::vector<Run> all_runs();

}  // namespace diary::demo
