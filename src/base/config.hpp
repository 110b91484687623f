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
  std::string tls_cert;  // PEM files; both or none
  std::string tls_key;
  int max_connections = 10'000;
  int max_connections_per_address = 512;  // 0: as many as all
  std::chrono::seconds idle_time{60};     // between two requests of a connection
  std::chrono::seconds header_time{10};   // a request's header, or a handshake, as a whole
  std::chrono::seconds body_time{30};
  std::chrono::seconds write_time{60};
  std::chrono::seconds max_wait{5};          // of a request, before anybody works on it
  std::chrono::seconds statement_time{30};   // of the database, for a request; whoever asked has gone by then
  std::chrono::seconds submission_time{15};  // the same for what stores ratings and votes
  int max_live = 5000;                       // streams of live events
  int max_live_per_address = 64;             // 0: as many as all
  std::chrono::seconds live_heartbeat{15};   // the longest silence of such a stream
  int tile_memory_mb = 64;                   // of tiles that are kept
  int body_memory_mb = 256;                  // of all bodies that are under way
  std::string jwt_secret;                    // empty: made once and kept in data_dir
  std::string jwt_secret_old;                // believed still, signs no more
  std::filesystem::path jwt_key_file;        // PEM; empty: jwt_secret signs
  std::chrono::seconds jwt_expiry{24 * 3600};
  int bcrypt_cost = 12;
  std::chrono::seconds rate_limit_window{3600};
  int rate_limit_max_anonymous = 100;
  int rate_limit_max_authenticated = 1000;
  int rate_limit_max_routing = 100;
  int rate_limit_max_routing_anonymous = 20;
  int max_route_m = 10'000;  // between the ends, as the crow flies
  int snap_reach_m = 250;    // from a place to the nearest street
  int max_isochrone_min = 120;
  int route_time_ms = 2000;  // of one computation, waiting for a thread included
  int ratings_per_hour = 20;
  int votes_per_hour = 50;
  double join_m = 0.5;                    // street ends nearer than this meet, where there are no nodes
  std::filesystem::path moderation_list;  // empty: nothing waits for a moderator
  int retention_months = 0;               // of ratings and votes; 0: for ever
  int audit_months = 0;                   // of the audit log; 0: for ever
  int pool_size = 20;
  std::filesystem::path backup_repository;  // empty: where it is, else data_dir/backup
  std::string redis_url;      // as parse_redis_url() reads it; empty: limits are this process's own
  int redis_timeout_ms = 50;  // how long a request may wait for Redis
  bool metrics = true;
  std::string metrics_token;    // who shows it may see them; empty: everybody
  std::string cors_origins;     // as Origins::parse() reads it
  std::string trusted_proxies;  // as Networks::parse() reads it
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
