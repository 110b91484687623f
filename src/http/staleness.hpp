// SPDX-License-Identifier: Apache-2.0
#pragma once

// Readers of the city are told when the database has not been heard lately, and since when.

#include "http/message.hpp"
#include "http/site.hpp"

namespace diary::http {

inline void add_staleness(Reply& reply, const Site& site) {
  const auto age = site.city.stale_for();
  if (!age) return;
  reply.headers.emplace_back("Age", std::to_string(age->count()));
  reply.headers.emplace_back("Warning", "110 - \"Response is Stale\"");
}

}  // namespace diary::http
