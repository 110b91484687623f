// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every setting of the program, where it came from, and how it prints. Precedence: flag, environment, TOML
// file, default. Refuses unknown keys in the file and values out of range, by name.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace diary {

struct Config {
  std::string database_url;  // empty: the embedded cluster under data_dir
  std::string owner_url;     // of the same database, for what its owner does; empty: database_url
  std::filesystem::path data_dir;
  std::string listen_host = "127.0.0.1";
  int listen_port = 8080;
  std::string jwt_secret;  // empty: made once and kept in data_dir
  std::chrono::seconds jwt_expiry{24 * 3600};
  int bcrypt_cost = 12;
  std::chrono::seconds rate_limit_window{3600};
  int rate_limit_max_anonymous = 100;
  int rate_limit_max_authenticated = 1000;
  int ratings_per_hour = 20;
  int votes_per_hour = 50;
  int retention_months = 0;  // of ratings and votes; 0: for ever
  int pool_size = 20;
  std::filesystem::path backup_repository;  // empty: where it is, else data_dir/backup
  std::string redis_url;
  std::string trusted_proxies;
  std::string log_level = "info";
};

// A limit times a factor, as far as an int goes.
[[nodiscard]] constexpr int scaled_limit(int limit, int factor) {
  constexpr int most = 2'000'000'000;
  return limit > most / factor ? most : limit * factor;
}

// One line of `diary config`: the text of the value (secrets masked) and its source.
struct Setting {
  std::string name;    // as in the TOML file: "listen"
  std::string env;     // "DIARY_LISTEN"
  std::string value;   // secrets show as "********"
  std::string source;  // "flag", "environment", "file" or "default"
};

struct LoadedConfig {
  Config config;
  std::vector<Setting> settings;
};

// `flags` maps setting names to what the command line said. `file` empty: none is read.
[[nodiscard]] Result<LoadedConfig> load_config(const std::map<std::string, std::string>& flags,
                                               const std::filesystem::path& file);

}  // namespace diary
