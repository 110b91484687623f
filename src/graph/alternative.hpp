// SPDX-License-Identifier: Apache-2.0
#pragma once

// Another path beside a given one: of those found that keep the limits, the one that costs least at the
// weight. Found by making the given path dearer, little by little, as long as the answer stays too much like
// it.

#include <optional>

#include "graph/path.hpp"
#include "graph/search.hpp"

namespace diary::graph {

// The share of its own length that an alternative may have in common with the primary, and how many times as
// long as that it may be; both exclusive.
struct AlternativeLimits {
  double shared = 0.7;
  double longer = 1.3;
};

// Of what `search` was asked; `primary` is an answer to it.
[[nodiscard]] std::optional<Path> find_alternative(Search& search, Scale scale, const Path& primary,
                                                   const AlternativeLimits& limits);

}  // namespace diary::graph
