// SPDX-License-Identifier: Apache-2.0
#pragma once

// For whom a transaction acts; row security asks.

#include <optional>

#include "base/uuid.hpp"
#include "pg/connection.hpp"

namespace diary {

// Until the transaction that `connection` is in ends. Nobody: what everybody may see.
void act_as(pg::Connection& connection, const std::optional<Uuid>& caller);

}  // namespace diary
