// SPDX-License-Identifier: Apache-2.0
#pragma once

// One line of `diary verify`: what was looked at, what was found, what should have been.

#include <string>
#include <string_view>

namespace diary {

struct Check {
  std::string section;   // of the schema specification: "3.1"; "11.4" for criterion 4
  std::string kind;      // extension, setting, schema, role, table, ..., grant, rule, check, criterion
  std::string name;      //
  std::string status;    // ok, missing, wrong, failed, skipped, note, extra
  std::string evidence;  // as found
  std::string expected;
};

// What ends `diary verify` with 1. Not so: skipped (could not be looked at; says why), note (other than
// recommended), extra (known to the database alone).
[[nodiscard]] inline bool is_bad(std::string_view status) {
  return status == "missing" || status == "wrong" || status == "failed";
}

}  // namespace diary
