// SPDX-License-Identifier: Apache-2.0
#pragma once

// For whom a transaction acts; row security asks.

#include <optional>

#include "base/uuid.hpp"
#include "domain/user.hpp"
#include "pg/connection.hpp"

namespace diary {

// Until the transaction that `connection` is in ends. Nobody: what everybody may see.
void act_as(pg::Connection& connection, const std::optional<Uuid>& caller);

// The same for the bearer of a token, when it is still good: not given up, its account active. Nothing, and
// the transaction acts for nobody, when it is not.
[[nodiscard]] std::optional<Session> begin_session(pg::Connection& connection, const Caller& caller);

// Gives up the token of the caller that the transaction acts for.
void end_session(pg::Connection& connection, const Caller& caller);

}  // namespace diary
