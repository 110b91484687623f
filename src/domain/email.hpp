// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one form of an e-mail address: lower case, so that it names one account whatever its letters' case.

#include <optional>
#include <string>
#include <string_view>

namespace diary {

namespace limits {
inline constexpr std::size_t max_email = 255;  // bytes
}

// Letters of all scripts are fine. Nothing when the text is no address: one "@", something before it, a host
// with a dot or "localhost" behind it; no blanks, controls or characters that do not show.
[[nodiscard]] std::optional<std::string> normalize_email(std::string_view text);

}  // namespace diary
