// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "http/conditional.hpp"
#include "http/forwarded.hpp"

// Three headers, a line each: from a proxy anything may come, from anyone else only the peer.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  using namespace diary;
  static const Networks trusted = Networks::parse("10.0.0.0/8, fd00::/8").value();
  static const IpAddress proxy = IpAddress::parse("10.0.0.1").value();
  static const IpAddress stranger = IpAddress::parse("192.0.2.1").value();
  const std::string_view text(data, size);
  const auto first = text.find('\n');
  const auto second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  const auto line = [&](std::size_t from, std::size_t to) {
    return from == std::string_view::npos ? std::string_view{} : text.substr(from + 1, to - from - 1);
  };
  const http::ForwardedHeaders headers{text.substr(0, first), line(first, second), line(second, size)};
  (void)http::find_origin(proxy, trusted, headers);
  (void)http::names_tag(text, "\"tag\"");
  if (!(http::find_origin(stranger, trusted, headers).address == stranger)) std::abort();
  return 0;
}
