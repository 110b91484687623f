// SPDX-License-Identifier: Apache-2.0
#pragma once

// IP addresses and networks as plain values: reading, comparing, nothing of sockets.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace diary {

class IpAddress {
 public:
  // As inet_pton reads it; no brackets, port or zone. An IPv4 address in IPv6 (::ffff:a.b.c.d) is that IPv4
  // address.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  // What stands for one household or host: the address of IPv4, the /64 of IPv6.
  [[nodiscard]] std::string host() const;
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  bool operator==(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4 as ::ffff:a.b.c.d
};

class Networks {
 public:
  // Addresses and CIDR networks, separated by commas or blanks: "10.0.0.0/8, ::1".
  [[nodiscard]] static Result<Networks> parse(std::string_view list);

  [[nodiscard]] bool contain(const IpAddress& address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    IpAddress address;
    int bits;  // of 128
  };
  std::vector<Network> networks_;
};

}  // namespace diary
