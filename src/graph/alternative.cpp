// SPDX-License-Identifier: Apache-2.0
#include "graph/alternative.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace diary::graph {
namespace {

// Surcharges on the primary in sixteenths.
constexpr std::array<std::uint32_t, 6> ladder{4, 8, 16, 32, 64, 160};
constexpr int refinements = 3;

class Alternatives {
 public:
  Alternatives(Search& search, Scale scale, const Path& primary, const AlternativeLimits& limits)
      : search_(search), scale_(scale), primary_(primary), limits_(limits) {}

  std::optional<Path> run() {
    search_.mark(primary_);
    climb(scale_);
    // What the weight likes is too long: the shortest that is different enough.
    if (!best_) climb(Scale::of_weight(0));
    return std::move(best_);
  }

 private:
  // The lowest rung whose answer will do, then between it and the one below: less surcharge, less cost.
  void climb(Scale scale) {
    std::uint32_t below = 0;
    for (const std::uint32_t surcharge : ladder) {
      if (will_do(scale, surcharge)) {
        std::uint32_t above = surcharge;
        for (int i = 0; i < refinements && above - below > 1; ++i) {
          const std::uint32_t middle = (below + above) / 2;
          (will_do(scale, middle) ? above : below) = middle;
        }
        return;
      }
      below = surcharge;
    }
  }

  bool will_do(Scale scale, std::uint32_t surcharge) {
    auto path = search_.run(scale, Search::no_bound, surcharge);
    if (!path || !keeps_limits(*path)) return false;
    if (!best_ || scale_.of(*path) < scale_.of(*best_)) best_ = std::move(path);
    return true;
  }

  [[nodiscard]] bool keeps_limits(const Path& path) const {
    std::uint64_t shared_cm = 0;
    for (const Stretch& s : path.stretches)
      if (search_.is_marked(s.edge)) shared_cm += std::max(s.from_cm, s.to_cm) - std::min(s.from_cm, s.to_cm);
    const auto length = static_cast<double>(path.length_cm);
    return static_cast<double>(shared_cm) < limits_.shared * length &&
           length < limits_.longer * static_cast<double>(primary_.length_cm);
  }

  Search& search_;
  Scale scale_;
  const Path& primary_;
  AlternativeLimits limits_;
  std::optional<Path> best_;
};

}  // namespace

std::optional<Path> find_alternative(Search& search, Scale scale, const Path& primary,
                                     const AlternativeLimits& limits) {
  return Alternatives(search, scale, primary, limits).run();
}

}  // namespace diary::graph
