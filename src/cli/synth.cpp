// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "demo/synthetic.hpp"

namespace diary::cli {
namespace {

struct Options {
  std::uint64_t ratings = 0;
  std::uint64_t seed = 0;
  std::optional<std::uint64_t> votes;
  std::optional<std::size_t> users;
  int days = 180;
};

demo::SynthOrder order_of(const Options& options) {
  const auto fiftieth = static_cast<std::size_t>(options.ratings / 50);
  return {.ratings = options.ratings,
          .votes = options.votes.value_or(options.ratings / 5),
          .users = options.users.value_or(std::clamp<std::size_t>(fiftieth, 50, 100'000)),
          .days = options.days,
          .seed = options.seed,
          .now = now()};
}

void show_progress(std::uint64_t done, std::uint64_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r%3d %%%s", static_cast<int>(done * 100 / std::max<std::uint64_t>(total, 1)),
               done == total ? "\n" : "");
}

void print_done(const demo::SynthOrder& order, double seconds, bool json) {
  const char* format = json ? "{{\"ratings\":{},\"votes\":{},\"users\":{},\"seed\":{},\"seconds\":{:.3f}}}\n"
                            : "{} ratings and {} votes by {} users (seed {}) in {:.1f} s\n";
  const std::string line =
      fmt::format(fmt::runtime(format), order.ratings, order.votes, order.users, order.seed, seconds);
  std::fputs(line.c_str(), stdout);
}

Result<void> synth(const Config& config, const Options& options, bool json) {
  auto database = Database::open(config);
  if (!database) return fail(std::move(database.error()));
  pg::Connection connection((*database)->owner_url());
  const demo::SynthOrder order = order_of(options);
  const auto begin = std::chrono::steady_clock::now();
  auto loaded = demo::load_synthetic(connection, order, show_progress);
  if (!loaded) return loaded;
  print_done(order, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), json);
  return {};
}

}  // namespace

void add_synth(CLI::App& app, Context& context) {
  static Options options;
  CLI::App* command = add_command(
      app, context, "synth",
      "Load plausible ratings and votes on the segments there are, for tests and benchmarks",
      [&context](const LoadedConfig& loaded) { return synth(loaded.config, options, context.json); }, true);
  command->add_option("--ratings", options.ratings, "How many ratings")
      ->required()
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", options.seed, "Names the draw; each seed loads once into a database")
      ->required();
  command->add_option("--votes", options.votes, "How many votes; a fifth of the ratings unless said")
      ->check(CLI::Range(0, 10'000'000));
  command->add_option("--users", options.users, "Made for the purpose; one for 50 ratings unless said")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--days", options.days, "Over how long, up to now")->check(CLI::Range(1, 180));
}

}  // namespace diary::cli
