// SPDX-License-Identifier: Apache-2.0
#pragma once

// How PostgreSQL's own programs (psql, pg_dump) are told where to connect: through the environment, not the
// command line, where a password would show in the list of processes.

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "pg/connection.hpp"

namespace diary::pg {

struct ClientConnection {
  std::vector<std::pair<std::string, std::string>> environment;
  std::string rest;  // for -d: the few keywords that have no variable
};

[[nodiscard]] Result<ClientConnection> client_connection(const std::string& conninfo);

// As `connection` is connected, whatever came from a URL, a variable or a service file.
[[nodiscard]] ClientConnection client_connection(Connection& connection);
[[nodiscard]] std::string conninfo_of(Connection& connection, const std::string& database);

}  // namespace diary::pg
