// SPDX-License-Identifier: Apache-2.0
#include "cli/server_options.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>

namespace diary::cli {
namespace {

constexpr rlim_t kept_for_others = 128;  // the database's connections come on top, files, logs

// How many files may be open, after asking for as many as are allowed.
rlim_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

std::size_t affordable(const Config& config) {
  const auto wanted = static_cast<std::size_t>(config.max_connections);
  const rlim_t reserve = kept_for_others + static_cast<rlim_t>(config.pool_size);
  const rlim_t limit = raise_descriptor_limit();
  const std::size_t most = limit > reserve ? limit - reserve : 1;
  if (most >= wanted) return wanted;
  spdlog::warn("{} open files are allowed: {} connections at once, not {}", limit, most, wanted);
  return most;
}

}  // namespace

Result<http::Server::Options> server_options(const Config& config) {
  http::Server::Options options;
  options.host = config.listen_host;
  options.port = config.listen_port;
  options.bounds = {affordable(config), static_cast<std::size_t>(config.max_connections_per_address)};
  options.patience = {config.idle_time, config.header_time, config.body_time, config.write_time};
  options.body_memory = static_cast<std::size_t>(config.body_memory_mb) * 1024 * 1024;
  if (config.tls_cert.empty() != config.tls_key.empty())
    return fail(Errc::failed, std::string(config.tls_cert.empty() ? "tls_cert" : "tls_key") +
                                  " is missing: a certificate goes with its key");
  if (!config.tls_cert.empty()) {
    auto tls = http::TlsFiles::open(config.tls_cert, config.tls_key);
    if (!tls) return fail(std::move(tls.error()));
    options.tls = std::move(*tls);
  }
  return options;
}

}  // namespace diary::cli
