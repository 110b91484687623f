// SPDX-License-Identifier: Apache-2.0
#include "base/networks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace diary {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int v4_bits = 96;  // of the prefix

std::optional<int> read_bits(std::string_view text, int most) {
  int bits = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (ec != std::errc{} || end != text.data() + text.size() || bits < 0 || bits > most) return std::nullopt;
  return bits;
}

bool bit(const std::array<std::uint8_t, 16>& bytes, int i) {
  return (bytes[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1) != 0;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text.substr(0, INET6_ADDRSTRLEN));
  IpAddress made;
  if (terminated.size() != text.size() || terminated.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET6, terminated.c_str(), made.bytes_.data()) == 1) return made;
  std::ranges::copy(v4_prefix, made.bytes_.begin());
  if (inet_pton(AF_INET, terminated.c_str(), made.bytes_.data() + v4_prefix.size()) == 1) return made;
  return std::nullopt;
}

bool IpAddress::is_v4() const {
  return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin());
}

std::string IpAddress::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) return inet_ntop(AF_INET, bytes_.data() + v4_prefix.size(), text.data(), text.size());
  auto network = bytes_;
  std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
  return std::string(inet_ntop(AF_INET6, network.data(), text.data(), text.size())) + "/64";
}

Result<Networks> Networks::parse(std::string_view list) {
  Networks made;
  while (true) {
    const auto begin = list.find_first_not_of(", \t");
    if (begin == std::string_view::npos) return made;
    list.remove_prefix(begin);
    const auto word = list.substr(0, list.find_first_of(", \t"));
    list.remove_prefix(word.size());
    const auto slash = word.find('/');
    const auto address = IpAddress::parse(word.substr(0, slash));
    const auto no_network = fail(Errc::failed, "\"" + std::string(word) + "\" is no address or network");
    if (!address) return no_network;
    const bool v4 = word.find(':') == std::string_view::npos;
    int bits = 128;
    if (slash != std::string_view::npos) {
      const auto given = read_bits(word.substr(slash + 1), v4 ? 32 : 128);
      if (!given) return no_network;
      bits = v4 ? *given + v4_bits : *given;
    }
    for (int i = bits; i < 128; ++i) {
      if (bit(address->bytes(), i))
        return fail(Errc::failed, "\"" + std::string(word) + "\" has bits set behind its prefix");
    }
    made.networks_.push_back({*address, bits});
  }
}

bool Networks::contain(const IpAddress& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    const auto& a = network.address.bytes();
    const auto& b = address.bytes();
    const auto whole = static_cast<std::size_t>(network.bits / 8);
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    for (int i = network.bits / 8 * 8; i < network.bits; ++i) {
      if (bit(a, i) != bit(b, i)) return false;
    }
    return true;
  });
}

}  // namespace diary
