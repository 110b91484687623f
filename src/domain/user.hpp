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
  bool email_verified = false;
  std::optional<std::string> display_name;
  std::optional<std::string> avatar_url;
  std::string tier;  // free | premium | enterprise
  std::string role;  // user | moderator | admin
  Time created_at;
  std::optional<Time> last_login_at;
  Time token_time;  // when a token made for this answer counts as issued, by the database's clock
};

// Who makes a request, as the token says. Nobody: anonymous.
struct Caller {
  Uuid user_id;
  std::string email;
  std::string tier;      // as of when the token was issued
  std::string token_id;  // the token's jti
  Time issued_at;
  Time expires_at;
};

// What the database says of a caller whose token is still good.
struct Session {
  std::string role;
  std::string tier;
};

[[nodiscard]] inline bool is_moderator(const Session& session) {
  return session.role == "moderator" || session.role == "admin";
}

}  // namespace diary
