// SPDX-License-Identifier: Apache-2.0
#include "domain/email.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace diary {
namespace {

// What nobody sees, or sees as something else: controls, blanks, joiners, marks of direction, variation and
// tag characters, private use, no characters at all.
bool shows(char32_t point) {
  constexpr std::array<std::pair<char32_t, char32_t>, 14> hidden{{{0x00, 0x20},
                                                                  {0x7F, 0xA0},
                                                                  {0xAD, 0xAD},
                                                                  {0x61C, 0x61C},
                                                                  {0x1680, 0x1680},
                                                                  {0x180B, 0x180F},
                                                                  {0x2000, 0x200F},
                                                                  {0x2028, 0x202F},
                                                                  {0x205F, 0x206F},
                                                                  {0x3000, 0x3000},
                                                                  {0xE000, 0xF8FF},
                                                                  {0xFE00, 0xFE0F},
                                                                  {0xFEFF, 0xFEFF},
                                                                  {0xFFF0, 0xFFFF}}};
  return point < 0xE0000 &&
         std::ranges::none_of(
             hidden, [&](const auto& range) { return point >= range.first && point <= range.second; });
}

bool is_host(std::string_view host) {
  return host == "localhost" || (host.find('.') != std::string_view::npos && host.front() != '.' &&
                                 host.back() != '.' && host.find("..") == std::string_view::npos);
}

}  // namespace

std::optional<std::string> normalize_email(std::string_view text) {
  const auto points = decode_utf8(text);
  if (!points || !std::ranges::all_of(*points, shows)) return std::nullopt;
  std::string email;
  for (const char32_t point : *points) append_utf8(email, lower_case(point));
  const auto at = email.find('@');
  if (email.size() > limits::max_email || at == 0 || at == std::string::npos ||
      email.find('@', at + 1) != std::string::npos || at + 1 == email.size())
    return std::nullopt;
  if (!is_host(std::string_view(email).substr(at + 1))) return std::nullopt;
  return email;
}

}  // namespace diary
