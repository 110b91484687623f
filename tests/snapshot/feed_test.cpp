// SPDX-License-Identifier: Apache-2.0
// The change feed misses nothing, whatever becomes of transactions, connections and clusters.
#include "snapshot/feed.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <random>

#include "db/random_writer.hpp"
#include "store/migrate.hpp"
#include "support/eventually.hpp"
#include "support/loose_cluster.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_cluster.hpp"
#include "support/test_database.hpp"

namespace diary::snapshot {
namespace {

using support::eventually;

// Waits until the feed has seen what is committed now; whether it could.
bool caught_up(CityFeed& feed) {
  std::promise<bool> told;
  auto answer = told.get_future();
  feed.catch_up([&told](bool fine) { told.set_value(fine); });
  return answer.get();
}

// The same of one segment, which is all that is looked at.
bool caught_up(CityFeed& feed, const std::string& segment_id) {
  std::promise<bool> told;
  auto answer = told.get_future();
  feed.catch_up({segment_id}, [&told](bool fine) { told.set_value(fine); });
  return answer.get();
}

std::string text_of(const City& city, const std::string& id, Time at = now()) {
  std::string text;
  static_cast<void>(city.find(id, Form::object, at, text));
  return text;
}

bool shows(const City& city, const std::string& id, const std::string& what) {
  return text_of(city, id).find(what) != std::string::npos;
}

// The whole city as it shows, and as one that is loaded at this moment does.
std::string all_of(const City& city, Time at) {
  std::string text;
  SegmentQuery query;
  query.limit = 1000;
  static_cast<void>(city.list(query, Form::object, at, text));
  return text;
}
std::string all_of_database(pg::Connection& connection, Time at) {
  City loaded;
  loaded.begin_loading();
  loaded.add(CityStore(connection).page(std::nullopt, 1000), at);
  loaded.finish_loading();
  return all_of(loaded, at);
}

// When the city is held against the database. A little ahead: the feed renders anew what time has moved, and
// between this call and the comparison it may show what holds from a later moment on.
Time soon() {
  return now() + std::chrono::minutes{1};
}

class Feed : public testing::Test {
 protected:
  Feed() { test::populate(writer, {.segments = 30, .users = 60}); }
  CityFeed::Options options() { return {.conninfo = database.owner_conninfo(), .role = "diary_app"}; }
  void rate(pg::Connection& connection, const std::string& segment, int user, int rating) {
    connection.exec(fmt::format(
        "INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT '{}', user_id, {} FROM auth.users "
        "WHERE email = 'u{}@x.org'",
        segment, rating, user));
  }

  support::TestDatabase database;
  pg::Connection writer{database.owner_conninfo()};
  pg::Connection other{database.owner_conninfo()};
  pg::Connection super{database.superuser_conninfo()};
};

TEST_F(Feed, WhatWasCommittedShowsOnceCaughtUp) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  EXPECT_EQ(feed.city().size(), 30U);
  for (int user = 1; user <= 50; ++user) {
    rate(writer, "s7", user, 5);
    ASSERT_TRUE(caught_up(feed));
    ASSERT_TRUE(shows(feed.city(), "s7", fmt::format("\"n_eff\":{},", user))) << text_of(feed.city(), "s7");
  }
  EXPECT_FALSE(feed.stale_for());
}

TEST_F(Feed, WithoutAskingItComesByItself) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  rate(writer, "s1", 1, 5);
  EXPECT_TRUE(eventually([&] { return shows(feed.city(), "s1", "3.33"); }));
}

// A is open while B commits and the feed reads on; what A wrote under its older number is not passed by.
TEST_F(Feed, ATransactionThatCommitsLateIsNotPassedBy) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  for (int round = 1; round <= 20; ++round) {
    pg::Transaction open(writer);
    rate(writer, "s1", round, 5);
    for (int i = 0; i < 3; ++i) {
      rate(other, "s2", (round - 1) * 3 + i + 1, 5);
      ASSERT_TRUE(caught_up(feed));
    }
    const std::string before = text_of(feed.city(), "s1");
    open.commit();
    ASSERT_TRUE(caught_up(feed));
    ASSERT_NE(text_of(feed.city(), "s1"), before) << "round " << round;
    const Time at = soon();
    ASSERT_EQ(all_of(feed.city(), at), all_of_database(other, at));
  }
}

TEST_F(Feed, StreetsComeAndChangeAndGo) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  writer.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('new', 'A', 10, "
      "ST_GeomFromText('LINESTRING(1 1, 1.1 1)', 4326))");
  ASSERT_TRUE(caught_up(feed));
  EXPECT_TRUE(shows(feed.city(), "new", R"("street":"A")"));
  const std::string made = text_of(feed.city(), "new");
  for (const char* change : {"street = 'B'", "neighborhood = 'N'", "length_m = 12.5", "access = 3",
                             "geometry = ST_GeomFromText('LINESTRING(1 1, 1.2 1)', 4326)"}) {
    const std::string before = text_of(feed.city(), "new");
    writer.exec(std::string("UPDATE diary.segments SET ") + change + " WHERE segment_id = 'new'");
    ASSERT_TRUE(caught_up(feed));
    EXPECT_NE(text_of(feed.city(), "new"), before) << change;
  }
  SegmentQuery query;
  query.bbox = BBox{1.15, 0.9, 1.3, 1.1};
  std::string found;
  EXPECT_EQ(feed.city().list(query, Form::object, now(), found).total, 1) << "where it lies now";
  writer.exec("DELETE FROM diary.segments WHERE segment_id = 'new'");
  ASSERT_TRUE(caught_up(feed));
  EXPECT_EQ(text_of(feed.city(), "new"), "");
  EXPECT_EQ(feed.city().list(query, Form::object, now(), found).total, 0);
  writer.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('new', 'A', 10, "
      "ST_GeomFromText('LINESTRING(1 1, 1.1 1)', 4326))");
  ASSERT_TRUE(caught_up(feed));
  EXPECT_TRUE(shows(feed.city(), "new", R"("street":"A")"));
  super.exec("TRUNCATE diary.segments CASCADE");
  ASSERT_TRUE(caught_up(feed));
  EXPECT_EQ(feed.city().size(), 0U);
}

// Whatever happens to a segment, who waits for it alone finds it as the database has it.
TEST_F(Feed, ANamedSegmentShowsAsItIs) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  const auto all = [&](const std::string& where) { return "WHERE segment_id = '" + where + "'"; };
  for (int i = 0; i < 300; ++i) {
    const std::string id = fmt::format("s{}", 1 + random() % 30);
    switch (random() % 12) {
      case 0:
        writer.exec(fmt::format("UPDATE diary.segments SET street = 'Street {}' {}", i, all(id)));
        break;
      case 1:
        writer.exec("UPDATE diary.segments SET geometry = ST_Translate(geometry, 0.001, 0) " + all(id));
        break;
      case 2:
        writer.exec("DELETE FROM diary.ratings " + all(id));
        break;
      case 3:
        writer.exec("SELECT analytics.sync_segments(NULL)");
        break;
      case 4:
        writer.exec("BEGIN; UPDATE diary.segments SET length_m = length_m + 1 " + all(id) +
                    "; UPDATE diary.ratings SET rating = 2 " + all(id) + "; COMMIT");
        break;
      case 5:
        writer.exec("DELETE FROM diary.segments " + all(id));
        if (random() % 2 == 0)
          writer.exec("INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('" + id +
                      "', 'Again', 10, ST_GeomFromText('LINESTRING(1 1, 1.1 1)', 4326))");
        break;
      default:
        writer.exec(
            fmt::format("INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) SELECT "
                        "segment_id, user_id, {}, "
                        "'{{dark}}', now() - interval '1 hour' * {} FROM auth.users, diary.segments WHERE "
                        "email = 'u{}@x.org' AND "
                        "segment_id = '{}'",
                        1 + random() % 5, 2 * i, 1 + random() % 60, id));
    }
    ASSERT_TRUE(caught_up(feed, id));
    const Time at = soon();
    City alone;
    alone.begin_loading();
    alone.add(CityStore(writer).some({id}), at);
    alone.finish_loading();
    ASSERT_EQ(text_of(feed.city(), id, at), text_of(alone, id, at)) << "step " << i;
  }
  ASSERT_TRUE(caught_up(feed));
  const Time at = soon();
  ASSERT_EQ(all_of(feed.city(), at), all_of_database(other, at));
}

// The columns that follow the score are no change of the street, and an edit that changes nothing is none.
TEST_F(Feed, LastUpdatedIsOfTheStreetAndItsSamples) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  rate(writer, "s3", 1, 5);
  ASSERT_TRUE(caught_up(feed));
  const std::string before = text_of(feed.city(), "s3");
  writer.exec("SELECT analytics.sync_segments(NULL)");
  EXPECT_EQ(writer.exec("SELECT decayed_mean FROM diary.segments WHERE segment_id = 's3'").str(0, 0), "3.33");
  writer.exec("UPDATE diary.segments SET street = street, geometry = geometry WHERE segment_id = 's3'");
  ASSERT_TRUE(caught_up(feed));
  EXPECT_EQ(text_of(feed.city(), "s3"), before);
}

TEST_F(Feed, AConnectionThatIsCutIsMadeAnew) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  for (int round = 1; round <= 10; ++round) {
    super.exec(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() "
        "AND "
        "query LIKE '%pg_snapshot_xmin%' AND pid <> pg_backend_pid()");
    rate(writer, "s5", round, 1);
    ASSERT_TRUE(caught_up(feed)) << "round " << round;
    const Time at = soon();
    ASSERT_EQ(all_of(feed.city(), at), all_of_database(writer, at)) << "round " << round;
  }
}

// Everything that anybody might do, at once, with the feed's connection cut now and then.
TEST_F(Feed, ManyWritersAtOnce) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  super.exec("ALTER DATABASE " + database.name() + " SET deadlock_timeout = '10ms'");
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  for (int round = 0; round < 4; ++round) {
    std::vector<std::thread> sessions;
    std::atomic<int> failures = 0;
    std::atomic<bool> done = false;
    for (unsigned s = 0; s < 4; ++s) {
      sessions.emplace_back([&, s] {
        try {
          test::RandomWriter random(database.owner_conninfo(), {.segments = 30, .users = 60},
                                    seed + 100 * static_cast<unsigned>(round) + s);
          for (int i = 0; i < 60; ++i) random.step();
        } catch (const std::exception& e) {
          fmt::print("session {}: {}\n", s, e.what());
          ++failures;
        }
      });
    }
    std::thread reader([&] {
      while (!done) static_cast<void>(all_of(feed.city(), now()));
    });
    super.exec(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
        "query LIKE '%pg_snapshot_xmin%' AND pid <> pg_backend_pid()");
    for (std::thread& session : sessions) session.join();
    done = true;
    reader.join();
    ASSERT_EQ(failures, 0);
    ASSERT_TRUE(eventually([&] { return caught_up(feed); }));
    const Time at = soon();
    ASSERT_EQ(all_of(feed.city(), at), all_of_database(writer, at)) << "after round " << round;
  }
}

// A writer that stays open holds the cursor back; what follows is read once all the same.
TEST_F(Feed, AnOpenWriterDoesNotMakeItReadAgain) {
  CityFeed feed(options());
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  const pg::Transaction open(writer);
  rate(writer, "s1", 1, 5);
  rate(other, "s2", 1, 5);
  ASSERT_TRUE(caught_up(feed));
  CityStore store(other);
  const auto position = store.position();
  const auto since = store.changes(position.cursor, std::nullopt).changed;
  EXPECT_TRUE(std::ranges::find(since, "s2") != since.end()) << "the cursor stands still";
  EXPECT_TRUE(store.changes(position.cursor, position.seen).changed.empty());
  rate(other, "s2", 2, 5);
  EXPECT_EQ(store.changes(position.cursor, position.seen).changed, std::vector<std::string>{"s2"});
}

// A way to a cluster that can be led to another.
class SignPost {
 public:
  explicit SignPost(const std::filesystem::path& target) { lead_to(target); }
  void lead_to(const std::filesystem::path& target) {
    std::filesystem::remove(sign_);
    std::filesystem::create_directory_symlink(target, sign_);
  }
  [[nodiscard]] std::string conninfo(const std::string& database) const {
    return fmt::format("host='{}' user=postgres dbname={}", sign_.string(), database);
  }

 private:
  support::TemporaryFolder folder_;
  std::filesystem::path sign_ = folder_.path() / "socket";
};

// A restored backup, an upgrade: another cluster answers under the same name, and the numbers of its
// transactions say nothing.
TEST_F(Feed, AnotherClusterIsReadAnew) {
  SignPost sign(support::test_cluster_socket());
  const CityFeed::Options through{.conninfo = sign.conninfo(database.name()), .role = "diary_app"};
  CityFeed feed(through);
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  const support::TestCluster cluster;
  const std::string there = "host='" + cluster.socket_folder().string() + "' user=postgres dbname=";
  pg::Connection(there + "postgres")
      .exec("CREATE DATABASE " + database.name() + " TEMPLATE diary OWNER diary_owner");
  pg::Connection owner("host='" + cluster.socket_folder().string() +
                       "' user=diary_owner dbname=" + database.name());
  ASSERT_TRUE(migrate(owner));
  test::populate(owner, {.segments = 12, .users = 5});
  sign.lead_to(cluster.socket_folder());
  super.exec(
      "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND "
      "query LIKE '%pg_snapshot_xmin%' AND pid <> pg_backend_pid()");
  EXPECT_TRUE(eventually([&] { return feed.city().size() == 12; }));
  rate(owner, "s4", 1, 5);
  ASSERT_TRUE(eventually([&] { return caught_up(feed) && shows(feed.city(), "s4", "3.33"); }));
  const Time at = soon();
  EXPECT_EQ(all_of(feed.city(), at), all_of_database(owner, at));
}

// Stopped and started, then another timeline of the same cluster: nothing is missed, and what the new primary
// does not know any more is forgotten.
TEST(FeedAndCluster, FollowsThroughRestartAndPromotion) {
  support::LooseCluster cluster;
  {
    pg::Connection owner(cluster.conninfo("diary_owner"));
    test::populate(owner, {.segments = 20, .users = 10});
  }
  CityFeed feed({.conninfo = cluster.conninfo("diary_app"), .role = "diary_app"});
  ASSERT_TRUE(eventually([&] { return feed.city().loaded(); }));
  const auto vote = [&](int user) {
    pg::Connection owner(cluster.conninfo("diary_owner"));
    owner.exec(
        fmt::format("INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) SELECT 's2', "
                    "user_id, 'agree', 5 FROM auth.users WHERE email = 'u{}@x.org'",
                    user));
  };
  const auto is_equal = [&] {
    pg::Connection owner(cluster.conninfo("diary_owner"));
    const Time at = soon();
    return caught_up(feed) && all_of(feed.city(), at) == all_of_database(owner, at);
  };
  cluster.stop();
  EXPECT_FALSE(caught_up(feed)) << "nobody waits for a database that is away";
  EXPECT_TRUE(eventually([&] { return feed.stale_for().has_value(); }));
  EXPECT_EQ(feed.city().size(), 20U) << "served as it was";
  cluster.start();
  vote(1);
  EXPECT_TRUE(eventually(is_equal));
  EXPECT_TRUE(eventually([&] { return !feed.stale_for(); }));
  // Kept out until the new history is as it is to be found.
  pg::Connection(cluster.conninfo("postgres")).exec("ALTER ROLE diary_app NOLOGIN");
  cluster.promote();
  vote(2);
  {
    pg::Connection super(cluster.conninfo("postgres"));
    EXPECT_EQ(super.exec("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)").str(0, 0), "00000002");
    // A row that the old primary had shown and the new one never got: gone without a notice.
    super.exec(
        "SET session_replication_role = replica; DELETE FROM diary.segments WHERE segment_id = 's9'; "
        "DELETE FROM analytics.segment_state WHERE segment_id = 's9'; ALTER ROLE diary_app LOGIN");
  }
  EXPECT_TRUE(eventually(is_equal));
  EXPECT_EQ(feed.city().size(), 19U);
}

}  // namespace
}  // namespace diary::snapshot
