// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <openssl/rand.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>
#include <thread>

#include "app/upkeep.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "demo/load_demo.hpp"
#include "http/server.hpp"
#include "pg/provision.hpp"
#include "store/migrate.hpp"
#include "store/upkeep_store.hpp"

namespace diary::cli {
namespace {

constexpr std::chrono::seconds stop_patience{30};
constexpr int demo_anonymous_factor = 100;             // so that a map can be explored
constexpr std::uint64_t demo_seed = 1682;              // the year that William Penn laid the streets out
constexpr const char* demo_password = "walk me home";  // of demo@demo.example.org; the README names it

// The secret of the tokens: as configured, or made once and kept beside the cluster, for its owner's eyes
// only.
Result<std::string> token_secret(const Config& config, const Database& database) {
  if (!config.jwt_secret.empty()) return config.jwt_secret;
  if (!database.embedded())
    return fail(Errc::failed, "DIARY_JWT_SECRET (at least 32 bytes) is required with a DATABASE_URL");
  const auto path = database.folder() / "jwt_secret";
  if (std::ifstream in(path); in) {
    std::string secret;
    in >> secret;
    if (secret.size() >= 32) return secret;
  }
  unsigned char bytes[32];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return fail(Errc::failed, "no randomness for the tokens' secret");
  std::string secret;
  for (const unsigned char byte : bytes) secret += fmt::format("{:02x}", byte);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || write(file, secret.data(), secret.size()) != static_cast<ssize_t>(secret.size()) ||
      fsync(file) != 0)
    return fail(Errc::failed, path.string() + " cannot be written");
  close(file);
  return secret;
}

Result<void> bring_up_to_date(const Database& database) {
  pg::Connection connection(database.owner_url());
  const auto applied = migrate(connection);
  if (!applied) return fail(applied.error());
  for (const std::string& name : *applied) spdlog::info("applied {}", name);
  return {};
}

void load_demo_city(const std::string& owner_url, int bcrypt_cost) {
  pg::Connection connection(owner_url);
  const auto loaded =
      demo::load_demo(connection, demo_seed, now(), hash_password(demo_password, bcrypt_cost));
  if (loaded.was_there) return;
  spdlog::info("loaded the demo city: {} segments, {} people, {} ratings, {} votes", loaded.segments,
               loaded.users, loaded.ratings, loaded.votes);
  for (const char* view : {"segment_aggregates", "trend_daily", "coverage_grid"})
    static_cast<void>(UpkeepStore(connection).refresh(view, 0));
}

// The threads of the network, as long as this lives.
class NetworkThreads {
 public:
  NetworkThreads(boost::asio::io_context& io, unsigned count) : io_(io), guard_(io.get_executor()) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { io_.run(); });
  }
  ~NetworkThreads() {
    guard_.reset();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  NetworkThreads(const NetworkThreads&) = delete;
  NetworkThreads& operator=(const NetworkThreads&) = delete;

 private:
  boost::asio::io_context& io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::thread> threads_;
};

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Waits for SIGINT or SIGTERM, and sees to it meanwhile that an embedded PostgreSQL lives. Runs on the main
// thread, which is the one that PostgreSQL's life hangs on.
void watch(Database& database) {
  const sigset_t signals = stop_signals();
  const timespec pause{0, 500'000'000};
  while (sigtimedwait(&signals, nullptr, &pause) < 0) {
    const auto revived = database.revive();
    if (!revived) spdlog::error("the embedded PostgreSQL cannot be started: {}", revived.error().message);
  }
}

void print_address(const Config& config, int port) {
  const bool v6 = config.listen_host.find(':') != std::string::npos;
  std::printf("listening on http://%s%s%s:%d\n", v6 ? "[" : "", config.listen_host.c_str(), v6 ? "]" : "",
              port);
  std::fflush(stdout);
}

Result<void> serve(Config config, bool demo) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread is made
  signal(SIGPIPE, SIG_IGN);
  auto database = Database::open(config, Database::Use::exclusive);
  if (!database) return fail(std::move(database.error()));
  auto secret = token_secret(config, **database);
  if (!secret) return fail(std::move(secret.error()));
  if (auto done = bring_up_to_date(**database); !done) return done;
  if (demo) {
    load_demo_city((*database)->owner_url(), config.bcrypt_cost);
    config.rate_limit_max_anonymous = scaled_limit(config.rate_limit_max_anonymous, demo_anonymous_factor);
  }
  const std::string app_url = (*database)->app_url();
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  // Outlives all that may still answer into it while the rest is taken down.
  boost::asio::io_context io(static_cast<int>(cores));
  // Reads differ in which filters they have: a plan for all of them would use no index. JIT costs more than
  // it gives.
  pg::Pool pool({app_url, pg::app_role, "SET plan_cache_mode = force_custom_plan; SET jit = off",
                 static_cast<std::size_t>(config.pool_size)});
  Gate gate(pool);
  Accounts accounts(pool, config.bcrypt_cost);
  Submissions submissions({app_url, pg::app_role, config.ratings_per_hour, config.votes_per_hour});
  const Upkeep upkeep(app_url, pg::app_role, config.retention_months);
  http::Site site(config, gate, accounts, submissions, Tokens(*secret, config.jwt_expiry));
  http::Server server(io, site, config.listen_host, config.listen_port);
  const NetworkThreads network(io, cores);
  server.start();
  print_address(config, server.port());
  watch(**database);
  spdlog::info("stopping");
  server.stop(stop_patience);
  return {};
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  static bool demo = false;
  CLI::App* command =
      add_command(app, context, "serve",
                  "Serve the API and the page; without a database URL, with a private PostgreSQL of its own",
                  [](const LoadedConfig& loaded) -> Result<void> {
                    try {
                      return serve(loaded.config, demo);
                    } catch (const boost::system::system_error& e) {
                      return fail(Errc::failed, loaded.config.listen_host + ":" +
                                                    std::to_string(loaded.config.listen_port) + ": " +
                                                    e.code().message());
                    }
                  });
  add_setting(*command, context, "listen", "HOST:PORT; port 0 takes a free one");
  add_setting(*command, context, "retention_months",
              "Let go of ratings and votes older than this; 0 keeps all");
  command->add_flag("--demo", demo,
                    "Load the demo city with its ratings, and let anonymous visitors explore it");
}

}  // namespace diary::cli
