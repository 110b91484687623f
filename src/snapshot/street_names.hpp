// SPDX-License-Identifier: Apache-2.0
#pragma once

// Each street's name once, and how long all is that bears it. A number stands for a name as long as something
// bears it. Not thread-safe.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace diary::snapshot {

class StreetNames {
 public:
  using Number = std::uint32_t;
  struct Street {
    std::string name;
    std::int64_t length_cm = 0;
    std::uint32_t segments = 0;
    bool is_name = true;  // importers write "(unnamed ...)" for those that have none
  };

  [[nodiscard]] const Street& operator[](Number number) const { return streets_[number]; }

  // A segment with that name came, or went.
  Number add(const std::string& name, std::int32_t length_cm);
  void remove(Number number, std::int32_t length_cm);

  void clear() { *this = {}; }

 private:
  std::vector<Street> streets_;
  std::vector<Number> free_;
  std::unordered_map<std::string, Number> numbers_;
};

}  // namespace diary::snapshot
