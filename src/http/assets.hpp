// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pages and what they need, as replies: the files that the program carries in itself, compressed beforehand.

#include <string_view>

#include "http/message.hpp"

namespace diary::http {

// The file of that name ("docs/index.html"), or a 404.
[[nodiscard]] Reply asset_reply(std::string_view name, const Request& request);

}  // namespace diary::http
