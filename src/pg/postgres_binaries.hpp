// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where PostgreSQL's own programs are installed.

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace diary::pg {

struct PostgresBinaries {
  std::filesystem::path folder;
  int major = 0;  // 15, from the server itself
};

// A server with PostGIS beside it: the newest of Debian's versions, else what pg_config names, else the PATH.
// Of that major version only, if one is given: data files do not move between versions.
[[nodiscard]] Result<PostgresBinaries> find_postgres(std::optional<int> major = std::nullopt);

// A client program such as psql: from the newest version that has it, else from the PATH.
[[nodiscard]] std::optional<std::filesystem::path> find_client(const std::string& name);

}  // namespace diary::pg
