// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys that a server signs its tokens with, as configured, or a secret of its own making.

#include "app/tokens.hpp"
#include "base/config.hpp"
#include "cli/database.hpp"

namespace diary::cli {

struct Signing {
  Tokens tokens;
  std::string secret;  // that all servers which sign alike have in common
};

// Errors: failed, when a database that is not ours has no secret, or the key file is none.
[[nodiscard]] Result<Signing> open_signing(const Config& config, const Database& database);

}  // namespace diary::cli
