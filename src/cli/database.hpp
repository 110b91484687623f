// SPDX-License-Identifier: Apache-2.0
#pragma once

// The database that a command works on: the one of DATABASE_URL, or the embedded cluster of the data folder,
// used while a server holds it and started for the while otherwise.

#include <filesystem>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "base/result.hpp"

namespace diary::cli {

class Database {
 public:
  enum class Use {
    shared,     // one command beside others; starts the cluster if nobody runs it
    exclusive,  // `serve`: refused when another process already holds the folder
  };

  // From the main thread, before others are started: the embedded PostgreSQL lives as long as the thread
  // does.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const Config& config, Use use = Use::shared);
  virtual ~Database() = default;  // stops the cluster if this object started it and nobody else uses it

  [[nodiscard]] virtual std::string owner_url() const = 0;  // libpq conninfo of the role that owns the schema
  // Of a superuser when the cluster is ours; else what we were given.
  [[nodiscard]] virtual std::string superuser_url() const = 0;
  [[nodiscard]] virtual std::string app_url()
      const = 0;  // of the role that the server works as; owns nothing
  [[nodiscard]] virtual bool embedded() const = 0;

  // Where the embedded cluster lies; empty when the database is somebody else's.
  [[nodiscard]] virtual std::filesystem::path folder() const = 0;
  // For a server to call now and then, always from the same thread, which lives as long as the program:
  // starts an embedded PostgreSQL that died again. True when it had to.
  [[nodiscard]] virtual Result<bool> revive() = 0;

 protected:
  Database() = default;
};

}  // namespace diary::cli
