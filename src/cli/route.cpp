// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/route_output.hpp"
#include "pg/connection.hpp"
#include "snapshot/street_network.hpp"
#include "store/city_store.hpp"

namespace diary::cli {
namespace {

constexpr int rows_per_page = 4000;
constexpr double farthest_m = 1'000'000;  // whoever asks here waits for nobody else

struct Options {
  double weight = -1;
  std::string mode = "balanced";
  std::string profile = "walk";
  bool curve = false;
  bool alternative = false;
  bool json = false;
  bool gpx = false;
};

// Wrong use: told with exit code 2.
[[noreturn]] void refuse(const std::string& what) {
  throw CLI::ValidationError(what);
}

LngLat read_place(const std::string& text) {
  LngLat at{};
  const char* const end = text.data() + text.size();
  const auto [comma, first] = std::from_chars(text.data(), end, at.lng);
  if (first == std::errc{} && comma != end && *comma == ',') {
    const auto [rest, second] = std::from_chars(comma + 1, end, at.lat);
    if (second == std::errc{} && rest == end && std::abs(at.lng) <= 180 && std::abs(at.lat) <= 90) return at;
  }
  refuse("\"" + text + "\" is no place: LNG,LAT in degrees is wanted, as -8.6110,41.1496");
}

// A place may begin with a minus: all that is no known flag comes here.
RouteQuestion read_question(const std::vector<std::string>& words, const Options& options) {
  for (const std::string& word : words)
    if (word.starts_with("--")) refuse("there is no " + word);
  if (words.size() != 2) refuse("two places are wanted, LNG,LAT LNG,LAT");
  RouteQuestion question{.origin = read_place(words[0]), .destination = read_place(words[1])};
  question.profile = options.profile == "bike" ? graph::Profile::bike : graph::Profile::walk;
  if (options.weight >= 0)
    question.weight = options.weight;
  else
    question.weight = options.mode == "optimal" ? 0.2 : options.mode == "safest" ? 0.8 : 0.5;
  question.curve = options.curve;
  question.include_alternative = options.alternative;
  return question;
}

EnginePtr load_network(const std::string& url, double join_m) {
  pg::Connection connection(url);
  pg::Transaction transaction(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  CityStore store(connection);
  snapshot::StreetNetwork network({.join_m = join_m});
  network.begin_loading();
  std::optional<std::string> after;
  const Time at = now();
  while (true) {
    const auto page = store.page(after, rows_per_page);
    network.add(page);
    if (page.size() < rows_per_page) break;
    after = page.back().segment_id;
  }
  network.finish_loading(at);
  network.wait(at);
  return network.engine();
}

Result<void> route(const LoadedConfig& loaded, const std::vector<std::string>& words,
                   const Options& options) {
  const RouteQuestion question = read_question(words, options);
  if (loaded.config.log_level == "info") spdlog::set_level(spdlog::level::warn);  // the answer is all
  auto database = Database::open(loaded.config);
  if (!database) return fail(std::move(database.error()));
  auto engine = load_network((*database)->owner_url(), loaded.config.join_m);
  if (!engine || engine->graph().edge_count() == 0)
    return fail(Errc::not_found, "there are no streets; diary import loads them");
  auto limits = RoutingLimits::of(loaded.config);
  limits.max_route_m = farthest_m;
  const auto answer =
      calculate_route(std::move(engine), question, limits, [] { return std::optional<Error>{}; });
  if (!answer) return fail(answer.error());
  const std::string text = options.json  ? route_as_geojson(*answer, question)
                           : options.gpx ? route_as_gpx(*answer, question)
                                         : route_as_text(*answer, question);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) return fail(Errc::failed, "standard output cannot be written to");
  return {};
}

}  // namespace

void add_route(CLI::App& app, Context& context) {
  static Options options;
  static CLI::App* command = nullptr;
  command =
      add_command(app, context, "route", "The way from one place to another: LNG,LAT LNG,LAT",
                  [](const LoadedConfig& loaded) { return route(loaded, command->remaining(), options); });
  command->allow_extras();
  auto* weight = command->add_option("--weight", options.weight, "What safety counts, from 0 to 5")
                     ->check(CLI::Range(0.0, graph::max_weight));
  command->add_option("--mode", options.mode, "optimal (0.2), balanced (0.5) or safest (0.8)")
      ->check(CLI::IsMember({"optimal", "balanced", "safest"}))
      ->excludes(weight);
  command->add_option("--profile", options.profile, "walk or bike")->check(CLI::IsMember({"walk", "bike"}));
  command->add_flag("--curve", options.curve, "Every route that is the best at some weight");
  command->add_flag("--alternative", options.alternative, "Another way, too");
  auto* json = command->add_flag("--json", options.json, "Print GeoJSON");
  command->add_flag("--gpx", options.gpx, "Print GPX")->excludes(json);
}

}  // namespace diary::cli
