// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is behind a reverse proxy: reads Forwarded (RFC 7239), X-Forwarded-For and X-Forwarded-Proto, and
// believes no more of them than trusted proxies vouch for. Pure: text in, value out, whatever the text.

#include <string_view>

#include "base/networks.hpp"

namespace diary::http {

// The fields' lines, joined by commas in the order of their arrival; empty when absent.
struct ForwardedHeaders {
  std::string_view forwarded;
  std::string_view x_forwarded_for;
  std::string_view x_forwarded_proto;
};

struct Origin {
  IpAddress address;
  bool https = false;  // as a trusted proxy says; false when none says so
};

// From the right, the first address that is no trusted proxy's. A peer that is not trusted is itself the
// origin. The peer, too, when the headers cannot be read or contradict each other. A hop that hides its
// name ("unknown", "_x") ends the way: the proxy that wrote it is counted.
[[nodiscard]] Origin find_origin(const IpAddress& peer, const Networks& trusted,
                                 const ForwardedHeaders& headers);

}  // namespace diary::http
