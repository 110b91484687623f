// SPDX-License-Identifier: Apache-2.0
#include "base/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "base/networks.hpp"
#include "base/origins.hpp"
#include "base/redis_url.hpp"

namespace diary {
namespace {

using Apply =
    std::function<std::string(Config&, const std::string&)>;  // empty answer: taken; else what is wrong

struct Row {
  std::string name;
  std::string env;
  std::string fallback;
  bool secret;
  Apply apply;
};

std::optional<long long> integer(const std::string& text) {
  long long value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Apply number(int Config::* field, int low, int high) {
  return [=](Config& config, const std::string& text) -> std::string {
    const auto value = integer(text);
    if (!value || *value < low || *value > high)
      return "must be an integer from " + std::to_string(low) + " to " + std::to_string(high);
    config.*field = static_cast<int>(*value);
    return {};
  };
}

// Scores look back 180 days: not fewer than 7 months.
std::string apply_retention(Config& config, const std::string& text) {
  const auto value = integer(text);
  if (!value || (*value != 0 && (*value < 7 || *value > 1200)))
    return "must be 0 (keep everything) or a number of months from 7 to 1200";
  config.retention_months = static_cast<int>(*value);
  return {};
}

std::string apply_audit_months(Config& config, const std::string& text) {
  const auto value = integer(text);
  if (!value || *value < 0 || *value > 1200)
    return "must be 0 (keep everything) or a number of months from 1 to 1200";
  config.audit_months = static_cast<int>(*value);
  return {};
}

Apply words(std::string Config::* field) {
  return [=](Config& config, const std::string& text) {
    config.*field = text;
    return std::string{};
  };
}

// "90", "90s", "15m", "24h", "7d"
Apply duration(std::chrono::seconds Config::* field) {
  return [=](Config& config, const std::string& text) -> std::string {
    std::string complaint = "must be a duration such as 90s, 15m, 24h or 7d, from 1s to 366d";
    std::string digits = text;
    long long unit = 1;
    if (!digits.empty()) {
      const auto at = std::string("smhd").find(digits.back());
      if (at != std::string::npos) {
        constexpr long long units[] = {1, 60, 3600, 86400};
        unit = units[at];
        digits.pop_back();
      }
    }
    const auto value = integer(digits);
    if (!value || *value < 1 || *value > 366LL * 86400 || *value * unit > 366LL * 86400) return complaint;
    config.*field = std::chrono::seconds{*value * unit};
    return {};
  };
}

std::string apply_listen(Config& config, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return "must be HOST:PORT, such as 127.0.0.1:8080";
  const auto port = integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return "must end in a port from 0 to 65535";
  config.listen_host = text.substr(0, colon);
  if (config.listen_host.size() > 2 && config.listen_host.front() == '[' && config.listen_host.back() == ']')
    config.listen_host = config.listen_host.substr(1, config.listen_host.size() - 2);
  config.listen_port = static_cast<int>(*port);
  return {};
}

Apply secret(std::string Config::* field) {
  return [=](Config& config, const std::string& text) -> std::string {
    if (!text.empty() && text.size() < 32) return "must be at least 32 bytes";
    config.*field = text;
    return {};
  };
}

std::string apply_join(Config& config, const std::string& text) {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 50))
    return "must be a number of metres from 0 to 50";
  config.join_m = value;
  return {};
}

std::string apply_log_level(Config& config, const std::string& text) {
  for (const char* level : {"trace", "debug", "info", "warn", "error"}) {
    if (text == level) {
      config.log_level = text;
      return {};
    }
  }
  return "must be trace, debug, info, warn or error";
}

std::string apply_redis(Config& config, const std::string& text) {
  config.redis_url = text;
  const auto url = text.empty() ? RedisUrl{} : parse_redis_url(text);
  return url ? std::string{} : url.error().message;
}

std::string apply_proxies(Config& config, const std::string& text) {
  config.trusted_proxies = text;
  const auto networks = Networks::parse(text);
  return networks ? std::string{} : "must list addresses and networks: " + networks.error().message;
}

std::string apply_origins(Config& config, const std::string& text) {
  config.cors_origins = text;
  const auto origins = Origins::parse(text);
  return origins ? std::string{} : "must be * or list origins: " + origins.error().message;
}

std::string apply_metrics(Config& config, const std::string& text) {
  if (text != "on" && text != "off") return "must be on or off";
  config.metrics = text == "on";
  return {};
}

std::string apply_metrics_token(Config& config, const std::string& text) {
  if (!text.empty() && text.size() < 16) return "must be at least 16 bytes";
  config.metrics_token = text;
  return {};
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"database", "DATABASE_URL", "", true, words(&Config::database_url)},
      {"owner_url", "DIARY_OWNER_URL", "", true, words(&Config::owner_url)},
      {"data", "DIARY_DATA", "", false,
       [](Config& config, const std::string& text) {
         config.data_dir = text;
         return std::string{};
       }},
      {"backup_repository", "DIARY_BACKUP_REPO", "", false,
       [](Config& config, const std::string& text) {
         config.backup_repository = text;
         return std::string{};
       }},
      {"listen", "DIARY_LISTEN", "127.0.0.1:8080", false, apply_listen},
      {"tls_cert", "DIARY_TLS_CERT", "", false, words(&Config::tls_cert)},
      {"tls_key", "DIARY_TLS_KEY", "", false, words(&Config::tls_key)},
      {"max_connections", "DIARY_MAX_CONNECTIONS", "10000", false,
       number(&Config::max_connections, 1, 1'000'000)},
      {"max_connections_per_address", "DIARY_MAX_CONNECTIONS_PER_ADDRESS", "512", false,
       number(&Config::max_connections_per_address, 0, 1'000'000)},
      {"idle_time", "DIARY_IDLE_TIME", "60s", false, duration(&Config::idle_time)},
      {"header_time", "DIARY_HEADER_TIME", "10s", false, duration(&Config::header_time)},
      {"body_time", "DIARY_BODY_TIME", "30s", false, duration(&Config::body_time)},
      {"write_time", "DIARY_WRITE_TIME", "60s", false, duration(&Config::write_time)},
      {"max_wait", "DIARY_MAX_WAIT", "5s", false, duration(&Config::max_wait)},
      {"statement_time", "DIARY_STATEMENT_TIME", "30s", false, duration(&Config::statement_time)},
      {"submission_time", "DIARY_SUBMISSION_TIME", "15s", false, duration(&Config::submission_time)},
      {"max_live", "DIARY_MAX_LIVE", "5000", false, number(&Config::max_live, 1, 1'000'000)},
      {"max_live_per_address", "DIARY_MAX_LIVE_PER_ADDRESS", "64", false,
       number(&Config::max_live_per_address, 0, 1'000'000)},
      {"live_heartbeat", "DIARY_LIVE_HEARTBEAT", "15s", false, duration(&Config::live_heartbeat)},
      {"tile_memory_mb", "DIARY_TILE_MEMORY_MB", "64", false, number(&Config::tile_memory_mb, 1, 1'000'000)},
      {"body_memory_mb", "DIARY_BODY_MEMORY_MB", "256", false, number(&Config::body_memory_mb, 1, 1'000'000)},
      {"jwt_secret", "DIARY_JWT_SECRET", "", true, secret(&Config::jwt_secret)},
      {"jwt_secret_old", "DIARY_JWT_SECRET_OLD", "", true, secret(&Config::jwt_secret_old)},
      {"jwt_key_file", "DIARY_JWT_KEY_FILE", "", false,
       [](Config& config, const std::string& text) {
         config.jwt_key_file = text;
         return std::string{};
       }},
      {"jwt_expiry", "JWT_EXPIRY", "24h", false, duration(&Config::jwt_expiry)},
      {"bcrypt_cost", "DIARY_BCRYPT_COST", "12", false, number(&Config::bcrypt_cost, 4, 15)},
      {"rate_limit_window", "RATE_LIMIT_WINDOW", "3600", false, duration(&Config::rate_limit_window)},
      {"rate_limit_max_anonymous", "RATE_LIMIT_MAX_ANONYMOUS", "100", false,
       number(&Config::rate_limit_max_anonymous, 1, 1'000'000'000)},
      {"rate_limit_max_authenticated", "RATE_LIMIT_MAX_AUTHENTICATED", "1000", false,
       number(&Config::rate_limit_max_authenticated, 1, 1'000'000'000)},
      {"rate_limit_max_routing", "RATE_LIMIT_MAX_ROUTING", "100", false,
       number(&Config::rate_limit_max_routing, 1, 1'000'000'000)},
      {"rate_limit_max_routing_anonymous", "RATE_LIMIT_MAX_ROUTING_ANONYMOUS", "20", false,
       number(&Config::rate_limit_max_routing_anonymous, 1, 1'000'000'000)},
      {"max_route_m", "DIARY_MAX_ROUTE_M", "10000", false, number(&Config::max_route_m, 1, 1'000'000)},
      {"snap_reach_m", "DIARY_SNAP_REACH_M", "250", false, number(&Config::snap_reach_m, 1, 10'000)},
      {"max_isochrone_min", "DIARY_MAX_ISOCHRONE_MIN", "120", false,
       number(&Config::max_isochrone_min, 1, 1440)},
      {"route_time_ms", "DIARY_ROUTE_TIME_MS", "2000", false, number(&Config::route_time_ms, 1, 60'000)},
      {"ratings_per_hour", "DIARY_RATINGS_PER_HOUR", "20", false,
       number(&Config::ratings_per_hour, 1, 1'000'000'000)},
      {"votes_per_hour", "DIARY_VOTES_PER_HOUR", "50", false,
       number(&Config::votes_per_hour, 1, 1'000'000'000)},
      {"join_m", "DIARY_JOIN_M", "0.5", false, apply_join},
      {"moderation_list", "DIARY_MODERATION_LIST", "", false,
       [](Config& config, const std::string& text) {
         config.moderation_list = text;
         return std::string{};
       }},
      {"retention_months", "DIARY_RETENTION_MONTHS", "0", false, apply_retention},
      {"audit_months", "DIARY_AUDIT_MONTHS", "0", false, apply_audit_months},
      {"pool_size", "DATABASE_POOL_SIZE", "20", false, number(&Config::pool_size, 1, 1000)},
      {"redis_url", "DIARY_REDIS_URL", "", true, apply_redis},
      {"redis_timeout_ms", "DIARY_REDIS_TIMEOUT_MS", "50", false,
       number(&Config::redis_timeout_ms, 1, 10'000)},
      {"trusted_proxies", "DIARY_TRUSTED_PROXIES", "", false, apply_proxies},
      {"cors_origins", "DIARY_CORS_ORIGINS", "", false, apply_origins},
      {"metrics", "DIARY_METRICS", "on", false, apply_metrics},
      {"metrics_token", "DIARY_METRICS_TOKEN", "", true, apply_metrics_token},
      {"log_level", "DIARY_LOG_LEVEL", "info", false, apply_log_level},
  };
  return table;
}

Result<std::map<std::string, std::string>> read_file(const std::filesystem::path& file) {
  std::map<std::string, std::string> values;
  if (file.empty()) return values;
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& e) {
    return fail(Errc::failed, file.string() + ": " + std::string(e.description()));
  }
  for (const auto& [key, node] : table) {
    if (const auto text = node.value<std::string>()) {
      values[std::string(key.str())] = *text;
    } else if (const auto value = node.value<std::int64_t>()) {
      values[std::string(key.str())] = std::to_string(*value);
    } else if (const auto real = node.value<double>()) {
      values[std::string(key.str())] = fmt::format("{}", *real);
    } else {
      return fail(Errc::failed,
                  file.string() + ": " + std::string(key.str()) + " must be a string or a number");
    }
  }
  return values;
}

}  // namespace

Result<LoadedConfig> load_config(const std::map<std::string, std::string>& flags,
                                 const std::filesystem::path& file) {
  auto from_file = read_file(file);
  if (!from_file) return fail(std::move(from_file.error()));
  LoadedConfig loaded;
  for (const Row& row : rows()) {
    std::string value = row.fallback;
    std::string source = "default";
    if (const auto it = from_file->find(row.name); it != from_file->end()) {
      value = it->second;
      source = "file";
      from_file->erase(it);
    }
    if (const char* env = std::getenv(row.env.c_str()); env != nullptr && *env != '\0') {
      value = env;
      source = "environment";
    }
    if (const auto it = flags.find(row.name); it != flags.end()) {
      value = it->second;
      source = "flag";
    }
    if (const std::string wrong = row.apply(loaded.config, value); !wrong.empty())
      return fail(Errc::failed,
                  fmt::format("{} ({}) {}", source == "environment" ? row.env : row.name, source, wrong));
    loaded.settings.push_back({row.name, row.env, row.secret && !value.empty() ? "********" : value, source});
  }
  if (!from_file->empty())
    return fail(Errc::failed, file.string() + ": unknown setting \"" + from_file->begin()->first + "\"");
  return loaded;
}

}  // namespace diary
