// SPDX-License-Identifier: Apache-2.0
#include "base/origins.hpp"

#include <algorithm>
#include <charconv>

namespace diary {
namespace {

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host.remove_prefix(1);
    host.remove_suffix(1);
    return std::ranges::all_of(host, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
    });
  }
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  });
}

// As a browser serialises it: scheme, host in lower case, and the port where it is not the scheme's own.
bool is_origin(std::string_view text) {
  std::string_view own_port;
  if (text.starts_with("https://")) {
    own_port = "443";
  } else if (text.starts_with("http://")) {
    own_port = "80";
  } else {
    return false;
  }
  text.remove_prefix(text.find("//") + 2);
  const auto bracket = text.find(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return is_host(text);
  const auto port = text.substr(colon + 1);
  unsigned number = 0;
  const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
  return is_host(text.substr(0, colon)) && ec == std::errc{} && end == port.data() + port.size() &&
         number >= 1 && number <= 65535 && port.front() != '0' && port != own_port;
}

}  // namespace

Result<Origins> Origins::parse(std::string_view list) {
  constexpr std::string_view blanks = ", \t";
  Origins made;
  while (true) {
    const auto begin = list.find_first_not_of(blanks);
    if (begin == std::string_view::npos) break;
    list.remove_prefix(begin);
    const auto word = list.substr(0, list.find_first_of(blanks));
    list.remove_prefix(word.size());
    if (word == "*") {
      made.any_ = true;
    } else if (is_origin(word)) {
      made.exact_.emplace(word);
    } else {
      return fail(Errc::failed, "\"" + std::string(word) + "\" is no origin such as https://map.example.org");
    }
  }
  if (made.any_ && !made.exact_.empty()) return fail(Errc::failed, "\"*\" stands alone: it is every origin");
  return made;
}

}  // namespace diary
