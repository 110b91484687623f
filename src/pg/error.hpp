// SPDX-License-Identifier: Apache-2.0
#pragma once

// What PostgreSQL refused, with its SQLSTATE. Thrown; only pg/ and the stores look at the state.

#include <stdexcept>
#include <string>
#include <utility>

namespace diary::pg {

class DbError : public std::runtime_error {
 public:
  DbError(std::string sqlstate, const std::string& message, std::string constraint = {})
      : std::runtime_error(message), sqlstate_(std::move(sqlstate)), constraint_(std::move(constraint)) {}

  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }  // five characters; "" when none
  [[nodiscard]] const std::string& constraint() const {
    return constraint_;
  }  // name of what was violated, or ""

 private:
  std::string sqlstate_;
  std::string constraint_;
};

// statement_timeout ended it, and with it the transaction.
class StatementTimeout : public DbError {
 public:
  explicit StatementTimeout(const std::string& message) : DbError(state, message) {}
  static constexpr const char* state = "57014";
};

// The server could not be reached or went away. The connection is of no more use.
class ConnectionLost : public DbError {
 public:
  explicit ConnectionLost(const std::string& message) : DbError("", message) {}
};

}  // namespace diary::pg
