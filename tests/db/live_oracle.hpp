// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live scores are held against: the recount and the specification's materialized view.

#include <cstdint>
#include <string>

#include "pg/connection.hpp"

namespace diary::test {

[[nodiscard]] std::uint64_t seed();  // DIARY_TEST_SEED, or a new one; printed
[[nodiscard]] int rounds();          // DIARY_TEST_ROUNDS, for longer runs by hand

// Everything that must hold at any moment; the differences, empty when it does.
[[nodiscard]] std::string differences(pg::Connection& connection);

}  // namespace diary::test
