// SPDX-License-Identifier: Apache-2.0
// What the server tells of its own work.
#include <fstream>
#include <regex>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

std::string page(World& of) {
  const auto answer = of.client().get("/metrics");
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return answer.body;
}

// The value of one sample; nothing when there is none.
std::optional<double> value(const std::string& text, const std::string& sample) {
  const auto at = ("\n" + text).find("\n" + sample + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::stod(text.substr(at + sample.size() + 1));
}

std::string requests(const std::string& method, const std::string& route, int status) {
  return "diary_http_requests_total{method=\"" + method + "\",route=\"" + route + "\",status=\"" +
         std::to_string(status) + "\"}";
}

TEST(Metrics, AreInPrometheusTextFormat) {
  const auto answer = world().client().get("/metrics");
  EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  const std::regex help("# HELP [a-z_]+ [^\n]+");
  const std::regex type("# TYPE [a-z_]+ (counter|gauge|histogram)");
  const std::regex sample("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? [-+.0-9e]+");
  std::istringstream lines(answer.body);
  std::set<std::string> names;
  int samples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP")) {
      EXPECT_TRUE(std::regex_match(line, help)) << line;
    } else if (line.starts_with("# TYPE")) {
      EXPECT_TRUE(std::regex_match(line, type)) << line;
      EXPECT_TRUE(names.insert(line.substr(7, line.find(' ', 7) - 7)).second) << line << " comes twice";
    } else {
      EXPECT_TRUE(std::regex_match(line, sample)) << line;
      ++samples;
    }
  }
  EXPECT_GT(samples, 100);
  for (const char* name : {"diary_http_requests_total",
                           "diary_http_request_duration_seconds",
                           "diary_rate_limited_total",
                           "diary_http_connections",
                           "diary_workers_pending",
                           "diary_workers_wait_seconds",
                           "diary_database_seconds",
                           "diary_database_pool_connections",
                           "diary_database_pool_waiting",
                           "diary_submissions_waiting",
                           "diary_snapshot_segments",
                           "diary_snapshot_age_seconds",
                           "diary_graph_nodes",
                           "diary_graph_edges",
                           "diary_graph_bytes",
                           "diary_graph_builds_total",
                           "diary_graph_build_failures_total",
                           "diary_graph_awaited",
                           "process_resident_memory_bytes",
                           "process_cpu_seconds_total",
                           "diary_build_info"})
    EXPECT_TRUE(names.contains(name)) << name;
}

TEST(Metrics, CountRequestsByRouteAndStatus) {
  auto client = world().client();
  const std::string one = "/api/v1/diary/segments/{segment_id}";
  const auto before = page(world());
  const std::string id = world().segment();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get(std::string(api::segments) + "/" + id).status, 200U);
  EXPECT_EQ(client.send("HEAD", std::string(api::segments) + "/" + id).status, 200U);
  EXPECT_EQ(client.get(std::string(api::segments) + "/nothing").status, 404U);
  const auto after = page(world());
  EXPECT_EQ(value(after, requests("GET", one, 200)).value_or(0) -
                value(before, requests("GET", one, 200)).value_or(0),
            4);
  EXPECT_EQ(value(after, requests("GET", one, 404)).value_or(0) -
                value(before, requests("GET", one, 404)).value_or(0),
            1);
  const std::string took = "diary_http_request_duration_seconds_count{method=\"GET\",route=\"" + one + "\"}";
  EXPECT_EQ(value(after, took).value() - value(before, took).value(), 5);
  const std::string of_database = "diary_database_seconds_count{for=\"requests\"}";
  EXPECT_EQ(client.get(std::string(api::segments) + "/" + id + "?at=2025-01-01T00:00:00Z").status, 200U);
  EXPECT_GE(value(page(world()), of_database).value() - value(before, of_database).value(), 1);
}

TEST(Metrics, AStrangerCannotMakeNewSeries) {
  auto client = world().client();
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  static_cast<void>(client.get("/made-up"));
  static_cast<void>(client.send("BREW", api::segments));
  const auto before = page(world());
  for (int i = 0; i < 50; ++i) {
    static_cast<void>(client.get("/made-up/" + std::to_string(i)));
    static_cast<void>(client.send("BREW" + std::to_string(i), api::segments));
  }
  const auto after = page(world());
  EXPECT_LE(lines(after), lines(before) + 1) << "but for the page's own";
  EXPECT_EQ(after.find("made-up"), std::string::npos);
  EXPECT_EQ(
      value(after, requests("", "none", 404)).value() - value(before, requests("", "none", 404)).value(), 50);
}

TEST(Metrics, CountWhatCannotBeRead) {
  const auto before = value(page(world()), requests("", "unreadable", 400)).value_or(0);
  support::RawSocket socket(world().server.port());
  socket.send("nonsense\r\n\r\n");
  static_cast<void>(socket.read_all());
  EXPECT_EQ(value(page(world()), requests("", "unreadable", 400)), before + 1);
}

TEST(Metrics, CountSubmissions) {
  const auto person = world().person();
  const std::string ratings = "diary_database_seconds_count{for=\"ratings\"}";
  const auto before = value(page(world()), ratings).value();
  EXPECT_EQ(world()
                .client(person)
                .post("/api/v1/diary/ratings", {{"segment_id", world().segment()}, {"rating", 3}})
                .status,
            201U);
  const auto after = page(world());
  EXPECT_EQ(value(after, ratings), before + 1);
  EXPECT_EQ(value(after, "diary_submissions_waiting{of=\"ratings\"}"), 0);
  EXPECT_EQ(value(after, "diary_database_pool_connections{state=\"in_use\"}"), 0);
  EXPECT_EQ(value(after, "diary_database_pool_size"), 4);
}

TEST(Metrics, TellOfTheCityInMemory) {
  const auto before = value(page(world()), "diary_snapshot_segments").value();
  world().segment();
  EXPECT_TRUE(
      support::eventually([&] { return value(page(world()), "diary_snapshot_segments") == before + 1; }));
  EXPECT_LT(value(page(world()), "diary_snapshot_age_seconds").value(), 10);
}

TEST(Metrics, CountRefusalsAndConnections) {
  World small(Headers{{"RATE_LIMIT_MAX_ANONYMOUS", "2"}});
  auto client = small.client();
  for (int i = 0; i < 5; ++i) static_cast<void>(client.get("/nothing"));
  const auto text = page(small);
  EXPECT_EQ(value(text, "diary_rate_limited_total{class=\"api\"}"), 3);
  EXPECT_EQ(value(text, "diary_rate_limited_total{class=\"map\"}"), 0);
  EXPECT_EQ(value(text, "diary_http_connections"), 2);
}

TEST(Metrics, CanBeKeptFromOthers) {
  World closed(Headers{{"DIARY_METRICS_TOKEN", "a token of sixteen bytes or more"}});
  auto client = closed.client();
  expect_problem(client.get("/metrics"), 401, "unauthorized");
  client.token = "a token of sixteen bytes or mere";
  expect_problem(client.get("/metrics"), 401, "unauthorized");
  client.token = closed.person().token;
  expect_problem(client.get("/metrics"), 401, "unauthorized");
  client.token = "a token of sixteen bytes or more";
  EXPECT_EQ(client.get("/metrics").status, 200U);
  expect_problem(client.get(api::segments), 401, "unauthorized");
}

TEST(Metrics, CanBeOff) {
  World off(Headers{{"DIARY_METRICS", "off"}});
  expect_problem(off.client().get("/metrics"), 404, "not_found");
}

// Every metric that the alerts of the manual speak of is one that the server has.
TEST(Metrics, TheManualKnowsThem) {
  std::ifstream in(DIARY_SOURCE_DIR "/docs/operations.md");
  const std::string manual{std::istreambuf_iterator<char>(in), {}};
  const auto text = page(world());
  const std::regex name("\\b(diary|process)_[a-z_]*[a-z](?=[{\\[\\)] ?)");
  int named = 0;
  for (std::sregex_iterator it(manual.begin(), manual.end(), name), end; it != end; ++it, ++named) {
    const bool with_redis = it->str() == "diary_redis_up";
    EXPECT_NE(text.find("\n" + it->str()) != std::string::npos, with_redis) << it->str();
  }
  EXPECT_GE(named, 5);
}

}  // namespace
}  // namespace diary::http::test
