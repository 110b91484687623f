// SPDX-License-Identifier: Apache-2.0
#include <openssl/crypto.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "http/handlers.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

bool may_see(const Config& config, const Request& request) {
  const std::string expected = "Bearer " + config.metrics_token;
  const std::string& given = request.authorization;
  return config.metrics_token.empty() ||
         (given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), given.size()) == 0);
}

void write_workers(PrometheusText& page, const Site& site) {
  const std::pair<const char*, const Workers*> all[] = {{"database", &site.database},
                                                        {"passwords", &site.passwords},
                                                        {"routing", &site.routing},
                                                        {"tiles", &site.tiles}};
  page.metric("diary_workers_pending", "gauge", "Work that waits or is under way, by the threads it is for.");
  for (const auto& [name, workers] : all)
    page.sample(static_cast<double>(workers->pending()), {{"for", name}});
  page.metric("diary_workers_wait_seconds", "histogram", "How long work waited for a thread.");
  for (const auto& [name, workers] : all) page.histogram(workers->waited(), {{"for", name}});
  page.metric("diary_workers_run_seconds", "histogram", "How long work took on its thread.");
  for (const auto& [name, workers] : all) page.histogram(workers->worked(), {{"for", name}});
}

void write_database(PrometheusText& page, const Site& site) {
  const auto pool = site.gate.pool_state();
  page.metric("diary_database_pool_connections", "gauge", "Connections of the pool, by what they do.");
  page.sample(static_cast<double>(pool.in_use), {{"state", "in_use"}});
  page.sample(static_cast<double>(pool.idle), {{"state", "idle"}});
  page.metric("diary_database_pool_size", "gauge", "How many the pool may have.");
  page.sample(static_cast<double>(pool.size));
  page.metric("diary_database_pool_waiting", "gauge", "Who waits for a connection.");
  page.sample(static_cast<double>(pool.waiting));
  page.metric("diary_database_seconds", "histogram",
              "How long a connection was in use for a request, or for a batch of ratings or votes.");
  page.histogram(site.gate.database_time(), {{"for", "requests"}});
  page.histogram(site.submissions.ratings_time(), {{"for", "ratings"}});
  page.histogram(site.submissions.votes_time(), {{"for", "votes"}});
  page.metric("diary_submissions_waiting", "gauge", "Ratings and votes that wait for their transaction.");
  page.sample(static_cast<double>(site.submissions.ratings_waiting()), {{"of", "ratings"}});
  page.sample(static_cast<double>(site.submissions.votes_waiting()), {{"of", "votes"}});
}

void write_snapshot(PrometheusText& page, const Site& site) {
  page.metric("diary_snapshot_segments", "gauge", "Segments in memory.");
  page.sample(static_cast<double>(site.city.city().size()));
  page.metric("diary_snapshot_age_seconds", "gauge",
              "Since the database was last heard; none before the first time.");
  if (site.city.city().loaded()) page.sample(site.city.age().count());
}

void write_map(PrometheusText& page, const Site& site) {
  const auto tiles = site.city.tiles().state();
  page.metric("diary_tiles_total", "counter", "Tiles that were answered, by where they came from.");
  page.sample(static_cast<double>(tiles.kept), {{"from", "memory"}});
  page.sample(static_cast<double>(tiles.encoded), {{"from", "encoder"}});
  page.metric("diary_tiles_kept", "gauge", "Tiles in memory.");
  page.sample(static_cast<double>(tiles.count));
  page.metric("diary_tiles_kept_bytes", "gauge", "Memory of these.");
  page.sample(static_cast<double>(tiles.bytes));
  const auto live = site.city.live().state();
  page.metric("diary_live_streams", "gauge", "Live streams that are open.");
  page.sample(static_cast<double>(live.readers));
  page.metric("diary_live_events_total", "counter", "Changes of segments, whoever listened.");
  page.sample(static_cast<double>(live.published));
  page.metric("diary_live_dropped_total", "counter",
              "Live streams that were ended because they were too slow.");
  page.sample(static_cast<double>(live.dropped));
  page.metric("diary_live_log_bytes", "gauge", "Memory of the last changes, for all streams together.");
  page.sample(static_cast<double>(live.bytes));
}

void write_network(PrometheusText& page, const Site& site) {
  const auto state = site.city.network().state();
  page.metric("diary_graph_nodes", "gauge", "Junctions of the street network in memory.");
  page.sample(static_cast<double>(state.nodes));
  page.metric("diary_graph_edges", "gauge", "Streets of the network in memory.");
  page.sample(static_cast<double>(state.edges));
  page.metric("diary_graph_bytes", "gauge", "Memory of the network.");
  page.sample(static_cast<double>(state.bytes));
  page.metric("diary_graph_builds_total", "counter", "Networks that were built and used.");
  page.sample(static_cast<double>(state.builds));
  page.metric("diary_graph_build_failures_total", "counter", "Networks that could not be built.");
  page.sample(static_cast<double>(state.failures));
  page.metric("diary_graph_awaited", "gauge",
              "Streets that came, went or changed, which the next network will have.");
  page.sample(static_cast<double>(state.awaited));
  page.metric("diary_graph_build_seconds", "gauge", "How long the last one took; none before the first.");
  if (state.since) page.sample(state.build_time.count());
  page.metric("diary_graph_age_seconds", "gauge",
              "Since the last one took its place; its scores are those of now.");
  if (state.since)
    page.sample(
        std::chrono::duration<double>(snapshot::StreetNetwork::State::Clock::now() - *state.since).count());
}

void write_routing(PrometheusText& page, const Site& site) {
  const RoutingTimes& times = site.routing_times;
  page.metric(
      "diary_routing_seconds", "histogram",
      "How long answers about routes took to compute, by what was asked; its count is how many there were.");
  page.histogram(times.route, {{"for", "route"}});
  page.histogram(times.curve, {{"for", "curve"}});
  page.histogram(times.match, {{"for", "match"}});
  page.histogram(times.isochrone, {{"for", "isochrone"}});
  page.metric("diary_routing_skipped_total", "counter",
              "Computations never begun: the client had gone, or the time for it had passed.");
  page.sample(static_cast<double>(times.skipped.load()));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The names that Prometheus's own clients give.
void write_process(PrometheusText& page, const Site& site) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  page.metric("process_cpu_seconds_total", "counter", "Processor time, user and system.");
  page.sample(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  page.metric("process_resident_memory_bytes", "gauge", "Resident memory.");
  page.sample(static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  std::error_code ec;
  const std::filesystem::directory_iterator files("/proc/self/fd", ec);
  page.metric("process_open_fds", "gauge", "Open file descriptors.");
  page.sample(static_cast<double>(std::distance(files, {})));
  page.metric("diary_uptime_seconds", "gauge", "Since when the server runs.");
  page.sample(std::chrono::duration<double>(std::chrono::steady_clock::now() - site.started).count());
  page.metric("diary_build_info", "gauge", "Always 1.");
  page.sample(1, {{"version", site.version}});
}

asio::awaitable<Reply> get_metrics(Site& site, Request& request) {
  if (!site.config.metrics) co_return problem(Error{Errc::not_found, "there is no such path"}, request);
  if (!may_see(site.config, request))
    co_return problem(Error{Errc::unauthorized, "this needs the token of the metrics"}, request);
  PrometheusText page;
  site.metrics.write(page);
  write_workers(page, site);
  write_database(page, site);
  write_snapshot(page, site);
  write_map(page, site);
  write_routing(page, site);
  write_network(page, site);
  if (site.limits.redis) {
    page.metric("diary_redis_up", "gauge", "Whether limits are shared through Redis at the moment.");
    page.sample(site.limits.redis->up() ? 1 : 0);
  }
  write_process(page, site);
  Reply reply;
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.body = page.take();
  co_return reply;
}

}  // namespace

void add_metrics_routes(RouteTable& table) {
  table.add(Verb::get, "/metrics", get_metrics, {.access = Access::own_token, .quota = Quota::none});
}

}  // namespace diary::http
