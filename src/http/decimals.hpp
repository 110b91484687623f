// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers as text in a fixed number of decimals, by integers where that gives the same digits: a route has a
// thousand of them. Knows nothing of what they count.

#include <string>

namespace diary::http {

// As "{:.2f}" has it.
[[nodiscard]] std::string two_decimals(double number);

// To seven decimals, without the zeros at their end.
void append_degrees(std::string& out, double degrees);

}  // namespace diary::http
