// SPDX-License-Identifier: Apache-2.0
#pragma once

// An account as others of the program see it; never its password's hash.

#include <optional>
#include <string>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace diary {

struct User {
  Uuid user_id;
  std::string email;
  std::optional<std::string> display_name;
  std::string tier;  // free | premium | enterprise
  Time created_at;
};

// Who makes a request. Nobody: anonymous.
struct Caller {
  Uuid user_id;
  std::string email;
  std::string tier;
};

}  // namespace diary
