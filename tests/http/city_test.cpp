// SPDX-License-Identifier: Apache-2.0
// Reads come from the city in memory: they show what was acknowledged, here and on other servers, and go on
// when the database is away.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "http/api_test.hpp"
#include "support/loose_cluster.hpp"

namespace diary::http::test {
namespace {

const std::string segments = "/api/v1/diary/segments";

double n_eff(HttpClient& client, const std::string& segment) {
  return client.get(segments + "/" + segment).json().at("n_eff").to_number<double>();
}

std::string bbox(double lng, double lat) {
  return fmt::format("?bbox={},{},{},{}", lng - 0.01, lat - 0.01, lng + 0.01, lat + 0.01);
}

// Ten people at once, each of whom looks at once at what was just acknowledged.
TEST(City, ShowsWhatWasAcknowledged) {
  std::vector<std::string> streets;
  for (int i = 0; i < 30; ++i) streets.push_back(world().segment(30 + i, 30));
  std::vector<Person> people;
  for (int i = 0; i < 10; ++i) people.push_back(world().person());
  std::atomic<int> missed = 0;
  std::vector<std::thread> threads;
  for (const Person& person : people) {
    threads.emplace_back([&] {
      auto writer = world().client(person);
      auto reader = world().client();
      for (std::size_t i = 0; i < 15; ++i) {
        const std::string tag = "t" + Uuid::random().text().substr(0, 8);
        const std::string& own = streets[i];
        const double before = n_eff(reader, own);
        if (writer.post("/api/v1/diary/ratings", rating_of(own, 4, tag)).status != 201U) ++missed;
        const double rated = n_eff(reader, own);
        if (rated < before + 0.99) ++missed;
        if (writer.post("/api/v1/diary/votes", {{"segment_id", own}, {"action", "safer"}}).status != 201U)
          ++missed;
        if (n_eff(reader, own) < rated + 0.99) ++missed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(missed, 0);
  const auto page = world().client().get(segments + bbox(30, 30)).json();
  EXPECT_EQ(page.at("segments").at(0).at("n_eff").to_number<double>(), 20);
}

TEST(City, AnotherServerFollowsWithinMoments) {
  support::Served second(DIARY_BINARY, {"--database", world().way_in.server()}, world().way_in.environment());
  HttpClient there(second.port());
  auto here = world().client();
  ASSERT_TRUE(support::eventually([&] { return there.get("/readyz").status == 200U; }));
  const auto person = world().person();
  auto writer = world().client(person);
  std::vector<double> delays_ms;
  for (int i = 0; i < 15; ++i) {
    const auto street = world().segment(40, 40);
    ASSERT_TRUE(support::eventually([&] { return there.get(segments + "/" + street).status == 200U; }));
    ASSERT_EQ(writer.post("/api/v1/diary/ratings", rating_of(street, 5)).status, 201U);
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(support::eventually([&] { return n_eff(there, street) == 1; })) << "it arrives";
    delays_ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    const auto mine = here.get(segments + "/" + street);
    EXPECT_EQ(mine.body, there.get(segments + "/" + street).body);
    EXPECT_EQ(mine.header("etag"), there.get(segments + "/" + street).header("etag")) << "whoever answers";
  }
  std::ranges::sort(delays_ms);
  fmt::print("on another server after {:.0f} ms (median), {:.0f} ms (worst of {})\n",
             delays_ms[delays_ms.size() / 2], delays_ms.back(), delays_ms.size());
  RecordProperty("median_ms", static_cast<int>(delays_ms[delays_ms.size() / 2]));
}

TEST(City, TagsChangeWithThePage) {
  const auto street = world().segment(50, 50);
  world().segment(50, 50);
  world().settle();
  auto client = world().client();
  const auto page = [&](const std::string& more, const Headers& headers = {}) {
    return client.get(segments + bbox(50, 50) + more, headers).header("etag");
  };
  const std::set<std::string> tags{page(""),
                                   page("&limit=1"),
                                   page("&offset=1"),
                                   page("&limit=2"),
                                   page("", {{"Accept", "application/geo+json"}}),
                                   page("", {{"Accept-Encoding", "gzip"}})};
  EXPECT_GE(tags.size(), 5U) << "gzip only pays for longer pages";
  EXPECT_EQ(page(""), page(""));
  const auto before = page("");
  EXPECT_EQ(client.get(segments + bbox(50, 50), {{"If-None-Match", before}}).status, 304U);
  const auto person = world().person();
  ASSERT_EQ(world().client(person).post("/api/v1/diary/ratings", rating_of(street, 5)).status, 201U);
  EXPECT_NE(page(""), before);
  EXPECT_EQ(client.get(segments + bbox(50, 50), {{"If-None-Match", before}}).status, 200U);
}

TEST(City, NotReadyBeforeItIsLoaded) {
  const support::TestDatabase database;
  pg::Connection super(database.superuser_conninfo());
  auto lock = std::make_unique<pg::Transaction>(super);
  super.exec("LOCK TABLE analytics.segment_state");
  support::Served server(DIARY_BINARY, {"--database", database.app_conninfo()},
                         {{"DIARY_OWNER_URL", database.owner_conninfo()}});
  HttpClient client(server.port());
  const auto answer = client.get("/readyz");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.json().at("snapshot"), "loading");
  EXPECT_EQ(answer.json().at("database"), "up");
  EXPECT_EQ(client.get("/healthz").status, 200U);
  lock.reset();
  EXPECT_TRUE(support::eventually([&] { return client.get("/readyz").status == 200U; }));
}

TEST(City, ServedWhileTheDatabaseIsAway) {
  support::LooseCluster cluster;
  pg::Connection(cluster.conninfo("diary_owner"))
      .exec(
          "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('a', 'A', 10, "
          "ST_GeomFromText('LINESTRING(1 1, 1.1 1)', 4326))");
  support::Served server(DIARY_BINARY, {"--database", cluster.conninfo("diary_owner")});
  HttpClient client(server.port());
  ASSERT_TRUE(support::eventually([&] { return client.get("/readyz").status == 200U; }));
  const auto account =
      client.post("/api/v1/auth/register", {{"email", "a@example.org"}, {"password", "correct horse"}});
  ASSERT_EQ(account.status, 201U);
  client.token = text_of(account.json().at("access_token"));
  const auto fresh = client.get(segments + "/a");
  EXPECT_EQ(fresh.header("age"), "");
  EXPECT_EQ(fresh.header("warning"), "");

  cluster.stop();
  ASSERT_TRUE(support::eventually([&] { return client.get(segments + "/a").header("warning") != ""; }));
  const auto stale = client.get(segments + "/a");
  EXPECT_EQ(stale.status, 200U);
  EXPECT_EQ(stale.body, fresh.body);
  EXPECT_EQ(stale.header("etag"), fresh.header("etag"));
  EXPECT_EQ(stale.header("warning"), "110 - \"Response is Stale\"");
  EXPECT_GE(std::stoi(stale.header("age")), 3);
  EXPECT_EQ(client.get(segments).json().at("total"), 1);
  EXPECT_NE(client.get(segments).header("age"), "");
  for (const char* path : {"/readyz", "/api/health"}) {
    const auto health = client.get(path);
    EXPECT_EQ(health.status, 503U);
    EXPECT_EQ(health.json().at("database"), "down");
    EXPECT_EQ(health.json().at("snapshot"), "stale");
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto refused = client.post("/api/v1/diary/ratings", rating_of("a", 5));
  expect_problem(refused, 503, "unavailable");
  EXPECT_NE(refused.header("retry-after"), "");
  expect_problem(client.post("/api/v1/diary/votes", {{"segment_id", "a"}, {"action", "agree"}}), 503,
                 "unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5}) << "at once";
  expect_problem(client.get(segments + "/a?at=2026-01-01T00:00:00Z"), 503, "unavailable");
  expect_problem(client.get(segments + "/b"), 404, "not_found");

  cluster.start();
  EXPECT_TRUE(support::eventually([&] { return client.get("/readyz").status == 200U; }));
  EXPECT_EQ(client.get(segments + "/a").header("warning"), "");
  pg::Connection owner(cluster.conninfo("diary_owner"));
  EXPECT_EQ(owner.exec("SELECT count(*) FROM diary.ratings").str(0, 0), "0") << "nothing was half done";
  EXPECT_EQ(client.post("/api/v1/diary/ratings", rating_of("a", 5)).status, 201U);
  EXPECT_EQ(n_eff(client, "a"), 1);
}

}  // namespace
}  // namespace diary::http::test
