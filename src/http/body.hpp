// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happens to a body on its way out: a strong ETag with 304 for reads, gzip for those who take it.

#include <string>

#include "http/dispatch.hpp"

namespace diary::http {

struct BodyWishes {
  bool is_read = false;  // GET or HEAD
  bool gzip = false;
  std::string if_none_match;
};

[[nodiscard]] BodyWishes read_wishes(const BeastRequest& message);

void shape_body(Reply& reply, const BodyWishes& wishes);

}  // namespace diary::http
