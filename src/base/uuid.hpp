// SPDX-License-Identifier: Apache-2.0
#pragma once

// RFC 9562 identifiers. Text is the canonical 36 characters only: no braces, no "urn:uuid:".

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace diary {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;

  [[nodiscard]] static Uuid random();  // version 4, from the operating system's generator
  [[nodiscard]] static Uuid derived(const Uuid& space, std::string_view name);  // version 5 (SHA-1)
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  [[nodiscard]] std::string text() const;  // lower case
};

}  // namespace diary
