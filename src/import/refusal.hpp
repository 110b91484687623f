// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why one feature was not taken, counted by reason and listed up to a limit. What spoils the whole file is no
// Refusal but an Error.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace diary::import {

enum class Refusal {
  not_a_feature,
  no_id,
  id_too_long,
  bad_text,
  wrong_geometry,
  too_few_points,
  too_many_points,
  bad_coordinates,
  off_earth,
  zero_length,
  bad_length,
  bad_access,
  too_long,
  crosses_meridian,
  nodes_missing,
};
inline constexpr std::size_t refusal_count = 15;

[[nodiscard]] std::string_view name(Refusal reason);      // "zero_length", for JSON
[[nodiscard]] std::string_view describe(Refusal reason);  // for people

class Refusals {
 public:
  static constexpr std::size_t max_listed = 20;
  struct Item {
    Refusal reason;
    std::string what;  // "feature 7 (line 12, id 'x')", "way 5 from node 1 to node 2"
  };

  void add(Refusal reason, std::string what);
  [[nodiscard]] std::int64_t count(Refusal reason) const { return counts_[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] std::int64_t total() const;
  [[nodiscard]] const std::vector<Item>& listed() const { return listed_; }

 private:
  std::array<std::int64_t, refusal_count> counts_{};
  std::vector<Item> listed_;
};

}  // namespace diary::import
