// SPDX-License-Identifier: Apache-2.0
#pragma once

// Access tokens made by hand (RFC 7519), right and wrong ones.

#include <boost/json/object.hpp>
#include <string>

namespace diary::support {

// Signed with HMAC and the digest that `algorithm` (HS256, HS512) asks for; unsigned for "none".
[[nodiscard]] std::string make_token(const boost::json::object& claims, const std::string& secret,
                                     const std::string& algorithm = "HS256");

}  // namespace diary::support
