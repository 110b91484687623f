// SPDX-License-Identifier: Apache-2.0
#pragma once

// Invented accounts. Their addresses end in example.org, which never receives mail.

#include <cstdint>
#include <string>
#include <vector>

#include "demo/random.hpp"
#include "domain/sample.hpp"

namespace diary::demo {

// The account that people who try the demo sign in with; the first of people().
inline constexpr const char* demo_email = "demo@demo.example.org";

// Their hashes let nobody in; all accounts are older than `before`.
[[nodiscard]] std::vector<SampleUser> people(Random& random, std::size_t count, Time before);

}  // namespace diary::demo
