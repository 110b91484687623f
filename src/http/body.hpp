// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happens to a body on its way out: a strong ETag with 304 for reads, gzip for those who take it.

#include <string>
#include <string_view>

#include "http/dispatch.hpp"

namespace diary::http {

struct BodyWishes {
  bool is_read = false;  // GET or HEAD
  bool gzip = false;
  std::string if_none_match;
};

[[nodiscard]] BodyWishes read_wishes(const BeastRequest& message);

// Whether If-Match names a read's answer with this body, compressed or not.
[[nodiscard]] bool names_body(std::string_view header, const std::string& body);

// What a strong tag is made of.
[[nodiscard]] std::string digest_of(std::string_view body);

void shape_body(Reply& reply, const BodyWishes& wishes);

}  // namespace diary::http
