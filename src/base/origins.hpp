// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which pages of other origins may read the API's answers (CORS).

#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diary {

class Origins {
 public:
  // "*", or origins as browsers write them ("https://map.example.org"), separated by commas or blanks.
  [[nodiscard]] static Result<Origins> parse(std::string_view list);

  [[nodiscard]] bool none() const { return !any_ && exact_.empty(); }
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] bool contain(std::string_view origin) const { return any_ || exact_.contains(origin); }

 private:
  bool any_ = false;
  std::set<std::string, std::less<>> exact_;
};

}  // namespace diary
