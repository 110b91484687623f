// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts the demo city with its half year of ratings into a database, once, in one transaction.

#include <cstdint>
#include <string>

#include "demo/history.hpp"
#include "pg/connection.hpp"

namespace diary::demo {

struct DemoLoad {
  bool was_there = false;  // nothing was done, and the counts are zero
  std::int64_t segments = 0;
  std::int64_t users = 0;
  std::int64_t ratings = 0;
  std::int64_t votes = 0;
};

// As the owner of the schema. The demo is there when the account demo_email is; that account gets
// `demo_password_hash`, nobody can sign in to the others. Throws what the database throws.
DemoLoad load_demo(pg::Connection& connection, std::uint64_t seed, Time now,
                   const std::string& demo_password_hash, const HistorySize& size = {});

}  // namespace diary::demo
