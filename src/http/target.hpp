// SPDX-License-Identifier: Apache-2.0
#pragma once

// The target of a request, decoded: "/path?query", the same behind "http://host", or "*". Refuses what is no
// UTF-8, U+0000, and dot segments, encoded or not: a proxy in front may have read them otherwise.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diary::http {

namespace limits {
inline constexpr std::size_t max_query_parameters = 100;
}  // namespace limits

struct Target {
  std::string path;                   // "*" for the server as a whole
  std::vector<std::string> segments;  // of the path; empty for "*"
  std::vector<std::pair<std::string, std::string>> query;
};

[[nodiscard]] std::optional<Target> read_target(std::string_view text);

// The same without the short way that plain targets take: what tests hold it against.
[[nodiscard]] std::optional<Target> read_any_target(std::string_view text);

}  // namespace diary::http
