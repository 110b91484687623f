// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one form of a tag: trimmed, lower case, 1..50 characters.

#include <optional>
#include <string>
#include <string_view>

namespace diary {

// Nothing when the text has no such form (empty, too long, a control character in it, no valid UTF-8).
[[nodiscard]] std::optional<std::string> normalize_tag(std::string_view text);

}  // namespace diary
