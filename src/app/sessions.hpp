// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a token that is well signed is still good, as the database says at this moment.

#include "app/gate.hpp"

namespace diary {

// Errors: unauthorized.
[[nodiscard]] Result<Session> check_session(Gate& gate, const Caller& caller);

// The caller's token is refused from now on, by every server on this database.
[[nodiscard]] Result<void> log_out(pg::Connection& connection, const Caller& caller);

}  // namespace diary
