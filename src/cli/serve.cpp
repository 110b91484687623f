// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <spdlog/spdlog.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "app/moderation_list.hpp"
#include "app/upkeep.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/server_options.hpp"
#include "cli/signing.hpp"
#include "demo/load_demo.hpp"
#include "http/server.hpp"
#include "pg/provision.hpp"
#include "store/migrate.hpp"
#include "store/upkeep_store.hpp"

namespace diary::cli {
namespace {

constexpr std::chrono::seconds stop_patience{30};
constexpr std::chrono::seconds health_time{2};
constexpr int demo_anonymous_factor = 100;             // so that a map can be explored
constexpr std::uint64_t demo_seed = 1682;              // the year that William Penn laid the streets out
constexpr const char* demo_password = "walk me home";  // of demo@demo.example.org; the README names it

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

// Those that are waited for. Without a file to read again, SIGHUP ends the program as it does others, also
// when its terminal is closed.
sigset_t own_signals(bool reloads) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (reloads) sigaddset(&set, SIGHUP);
  return set;
}

bool asked_to_stop() {
  sigset_t pending;
  return sigpending(&pending) == 0 &&
         (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

// Waits for SIGINT or SIGTERM. Sees to it meanwhile that an embedded PostgreSQL lives, and that a renewed
// certificate and a changed word list are used. Runs on the main thread, which is the one that PostgreSQL's
// life hangs on.
void watch(Database& database, http::TlsFiles* tls, ModerationList& list) {
  const sigset_t signals = own_signals(tls != nullptr || list.has_file());
  const timespec pause{0, 500'000'000};
  while (true) {
    const int number = sigtimedwait(&signals, nullptr, &pause);
    if (number == SIGINT || number == SIGTERM) return;
    if (tls != nullptr) tls->reload(number == SIGHUP);
    if (number == SIGHUP)
      list.reload();
    else
      list.reload_if_changed();
    const auto revived = database.revive();
    if (!revived && !asked_to_stop())
      spdlog::error("the embedded PostgreSQL cannot be started: {}", revived.error().message);
  }
}

void print_address(const Config& config, int port, bool tls) {
  const bool v6 = config.listen_host.find(':') != std::string::npos;
  std::printf("listening on http%s://%s%s%s:%d\n", tls ? "s" : "", v6 ? "[" : "", config.listen_host.c_str(),
              v6 ? "]" : "", port);
  std::fflush(stdout);
}

Result<void> serve(Config config, bool demo) {
  auto list = ModerationList::open(config.moderation_list);
  if (!list) return fail(std::move(list.error()));
  const sigset_t signals = own_signals(!config.tls_cert.empty() || (*list)->has_file());
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread is made
  signal(SIGPIPE, SIG_IGN);
  setenv("PGCONNECT_TIMEOUT", "5", 0);  // libpq's own is without end
  auto options = server_options(config);
  if (!options) return fail(std::move(options.error()));
  const auto tls = options->tls;
  auto database = Database::open(config, Database::Use::exclusive);
  if (!database && asked_to_stop()) return {};
  if (!database) return fail(std::move(database.error()));
  auto signing = open_signing(config, **database);
  if (!signing) return fail(std::move(signing.error()));
  config.jwt_secret = signing->secret;
  if (auto done = bring_up_to_date(**database); !done) return done;
  if (demo) {
    load_demo_city((*database)->owner_url(), config.bcrypt_cost);
    config.rate_limit_max_anonymous = scaled_limit(config.rate_limit_max_anonymous, demo_anonymous_factor);
    config.rate_limit_max_routing_anonymous =
        scaled_limit(config.rate_limit_max_routing_anonymous, demo_anonymous_factor);
  }
  const std::string app_url = (*database)->app_url();
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  // Outlives all that may still answer into it while the rest is taken down.
  boost::asio::io_context io(static_cast<int>(cores));
  // Reads differ in which filters they have: a plan for all of them would use no index. JIT costs more than
  // it gives.
  pg::Pool pool({app_url, pg::app_role, "SET plan_cache_mode = force_custom_plan; SET jit = off",
                 static_cast<std::size_t>(config.pool_size), config.statement_time});
  Gate gate(pool);
  pg::Pool health_pool({app_url, pg::app_role, {}, 1, health_time});
  Gate health_gate(health_pool);
  Accounts accounts(pool, config.bcrypt_cost);
  snapshot::CityFeed city(
      {.conninfo = app_url,
       .role = pg::app_role,
       .network = {.join_m = config.join_m},
       .tiles = {.bytes = static_cast<std::size_t>(config.tile_memory_mb) * 1024 * 1024}});
  Submissions submissions({.conninfo = app_url,
                           .role = pg::app_role,
                           .ratings_per_hour = config.ratings_per_hour,
                           .votes_per_hour = config.votes_per_hour,
                           .max_wait = config.max_wait,
                           .statement_time = config.submission_time,
                           .moderation_list = list->get()},
                          city);
  const Upkeep upkeep(app_url, pg::app_role,
                      {.samples = config.retention_months, .audit = config.audit_months});
  http::Site site(config, gate, health_gate, accounts, submissions, city, std::move(signing->tokens));
  http::Server server(io, site, std::move(*options));
  const NetworkThreads network(io, cores);
  server.start();
  print_address(config, server.port(), tls != nullptr);
  watch(**database, tls.get(), **list);
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
  add_setting(*command, context, "tls_cert", "Speak HTTPS with this certificate and its chain (PEM)");
  add_setting(*command, context, "tls_key", "The certificate's key (PEM)");
  add_setting(*command, context, "max_connections", "How many may be connected at once");
  add_setting(*command, context, "max_connections_per_address",
              "How many of one address, or IPv6 /64; 0: as many as all");
  add_setting(*command, context, "retention_months",
              "Let go of ratings and votes older than this; 0 keeps all");
  add_setting(*command, context, "audit_months", "Let go of audit rows sealed longer ago; 0 keeps all");
  command->add_flag("--demo", demo,
                    "Load the demo city with its ratings, and let anonymous visitors explore it");
}

}  // namespace diary::cli
