// SPDX-License-Identifier: Apache-2.0
#pragma once

// The end of a log that a child writes, for the message that says why it failed.

#include <cstdint>
#include <filesystem>
#include <string>

namespace diary::pg {

// 0 when there is none.
[[nodiscard]] std::uintmax_t size_of(const std::filesystem::path& file);

// The last lines behind `from`, indented, each on a line of its own.
[[nodiscard]] std::string tail(const std::filesystem::path& file, std::uintmax_t from);

}  // namespace diary::pg
