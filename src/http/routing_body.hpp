// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a request for a route, a match or an isochrone says, as questions. Errors name every wrong field.

#include <optional>
#include <string>

#include "app/reach.hpp"
#include "app/routing.hpp"

namespace diary::http {

namespace limits {
inline constexpr double metres_per_isochrone_minute = 250;  // 15 km/h: bounds a cost as the minutes are bound
}

// How much safety is worth: a mode's weight, or a number of one's own.
struct Wish {
  std::optional<std::string> mode;  // none: the weight was given as a number
  double weight = 0.5;
};

template <class Question>
struct Asked {
  Question question;
  Wish wish{};
};

[[nodiscard]] Result<Asked<RouteQuestion>> read_route_question(const std::string& body);
[[nodiscard]] Result<TraceQuestion> read_trace_question(const std::string& body);

struct Budget {
  std::optional<double> minutes;
  std::optional<double> cost_m;
};
struct AskedReach {
  ReachQuestion question;
  Wish wish{};
  Budget budget{};
};
[[nodiscard]] Result<AskedReach> read_reach_question(const std::string& body, int max_minutes);

}  // namespace diary::http
