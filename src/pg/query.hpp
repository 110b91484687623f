// SPDX-License-Identifier: Apache-2.0
#pragma once

// A statement of db/queries: its name (also that of the prepared statement) and its text.

namespace diary::pg {

struct Query {
  const char* name;
  const char* text;
};

}  // namespace diary::pg
