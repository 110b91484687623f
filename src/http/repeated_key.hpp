// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds a member that stands twice in one object of a JSON text: parsers differ in which of the two they
// believe, so neither is believed.

#include <optional>
#include <string>
#include <string_view>

namespace diary::http {

// The first such member's name, or nothing. `json` has to be well-formed.
[[nodiscard]] std::optional<std::string> repeated_key(std::string_view json);

}  // namespace diary::http
