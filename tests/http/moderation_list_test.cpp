// SPDX-License-Identifier: Apache-2.0
// The word list in a file: what of it holds a rating back, and when another list begins to count.
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "http/rated.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace diary::http::test {
namespace {

using support::eventually;

constexpr auto patience = std::chrono::seconds{20};

class ModerationList : public testing::Test {
 protected:
  static void write(const std::string& text) {
    const auto next = folder().path() / "next";
    std::ofstream(next) << text;
    std::filesystem::rename(next, folder().path() / "words");
  }
  static support::TemporaryFolder& folder() {
    static support::TemporaryFolder made;
    return made;
  }
  // One server for all, which begins with this list.
  static World& moderated() {
    static World made({{"DIARY_MODERATION_LIST",
                        (write("# not nice\nbadword\ngo home\n"), (folder().path() / "words").string())}});
    return made;
  }
  std::string street() { return moderated().segment(); }
  Answer post(json::object body) {
    body.emplace("segment_id", street());
    body.emplace("rating", 1);
    return client.post(api::ratings, body);
  }
  std::string status_of(const std::string& comment) {
    return text_of(post({{"comment", comment}}).json().at("status"));
  }
  // A new person each time: waiting must not run into the limit of an hour.
  static std::string status_to_anybody(const std::string& comment) {
    return text_of(
        moderated()
            .client(moderated().person())
            .post(api::ratings, {{"segment_id", moderated().segment()}, {"rating", 1}, {"comment", comment}})
            .json()
            .at("status"));
  }

  Person person = moderated().person();
  HttpClient client = moderated().client(person);
};

TEST_F(ModerationList, HoldsBackWhatItMatches) {
  for (const char* comment :
       {"Such a badword!", "BADWORD", "bádwörd", "b a d w o r d", "go   home", "Go\nHome"})
    EXPECT_EQ(status_of(comment), "pending_review") << comment;
  for (const char* comment : {"badwords", "going home", "fine", ""})
    EXPECT_EQ(status_of(comment), "accepted") << comment;
  EXPECT_EQ(text_of(post({}).json().at("status")), "accepted");
  EXPECT_EQ(text_of(post({{"tags", {"fine", "badword"}}}).json().at("status")), "pending_review")
      << "tags are shown as well";
  EXPECT_EQ(text_of(post({{"tags", {"go", "home"}}}).json().at("status")), "accepted")
      << "two tags are no phrase";
}

TEST_F(ModerationList, WhatWaitsDoesNotCount) {
  const auto segment = street();
  const auto answer = client.post(
      api::ratings, {{"segment_id", segment}, {"rating", 1}, {"comment", "badword"}, {"tags", {"dark"}}});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  const auto seen = client.get("/api/v1/diary/segments/" + segment).json();
  EXPECT_EQ(seen.at("n_eff").to_number<double>(), 0);
  EXPECT_EQ(seen.at("decayed_mean").to_number<double>(), 3);
  EXPECT_EQ(seen.at("top_tags"), json::array{});
  EXPECT_EQ(client.get("/api/v1/diary/segments/" + segment + "/ratings").json().at("ratings"), json::array{});
  EXPECT_EQ(member(client.get("/api/v1/me/ratings").json().at("ratings").as_array(), 0, "status"),
            "pending_review");
  EXPECT_EQ(moderated().one("SELECT count(*) FROM analytics.drift"), "0");
  const auto again = client.post(api::ratings, {{"segment_id", segment}, {"rating", 1}});
  expect_problem(again, 409, "duplicate_rating");
}

TEST_F(ModerationList, ARouteWaitsAsAWhole) {
  const auto a = street();
  const auto b = street();
  const auto route = Uuid::random().text();
  moderated().owner.exec(
      "INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, "
      "duration_min) VALUES "
      "($1, $2, 'Home', ARRAY[$3, $4], ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 140, 2)",
      {route, person.user_id, a, b});
  const auto answer = client.post(api::ratings, {{"route_id", route}, {"rating", 1}, {"comment", "badword"}});
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(answer.json().at("status"), "pending_review");
  EXPECT_EQ(moderated().one("SELECT string_agg(status, ',') FROM diary.ratings WHERE route_id = $1", {route}),
            "pending_review,pending_review");
}

TEST_F(ModerationList, AChangedFileCountsAndARetryIsStillOne) {
  const json::object once{
      {"rating_id", Uuid::random().text()}, {"segment_id", street()}, {"rating", 1}, {"comment", "latest"}};
  const json::object held{
      {"rating_id", Uuid::random().text()}, {"segment_id", street()}, {"rating", 1}, {"comment", "badword"}};
  EXPECT_EQ(client.post(api::ratings, once).json().at("status"), "accepted");
  EXPECT_EQ(client.post(api::ratings, held).json().at("status"), "pending_review");
  write("latest\n");
  EXPECT_TRUE(eventually([] { return status_to_anybody("latest") == "pending_review"; }, patience));
  EXPECT_EQ(status_of("badword"), "accepted") << "it is not in the list any more";
  auto again = client.post(api::ratings, once);
  EXPECT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(again.json().at("status"), "accepted");
  again = client.post(api::ratings, held);
  EXPECT_EQ(again.status, 200U) << again.body;
  EXPECT_EQ(again.json().at("status"), "pending_review");

  write("latest\n***\n");
  EXPECT_TRUE(eventually(
      [] { return moderated().server.log().find("line 2 has no letter") != std::string::npos; }, patience));
  EXPECT_EQ(status_of("latest"), "pending_review") << "the former list stays";
  std::filesystem::remove(folder().path() / "words");
  EXPECT_TRUE(eventually([] { return moderated().server.log().find("cannot be read") != std::string::npos; },
                         patience));
  EXPECT_EQ(status_of("latest"), "pending_review") << "and once more";

  // The time, size and place of the file are as they were: only the signal tells.
  write("alpha\n");
  EXPECT_TRUE(eventually([] { return status_to_anybody("alpha") == "pending_review"; }, patience));
  const auto file = folder().path() / "words";
  const auto time = std::filesystem::last_write_time(file);
  std::ofstream(file) << "omega\n";
  std::filesystem::last_write_time(file, time);
  kill(moderated().server.pid(), SIGHUP);
  EXPECT_TRUE(eventually([] { return status_to_anybody("omega") == "pending_review"; }, patience));
  write("# not nice\nbadword\ngo home\n");
  EXPECT_TRUE(eventually([] { return status_to_anybody("badword") == "pending_review"; }, patience));
}

TEST(ModerationListFile, AWrongOneEndsTheStart) {
  const support::TemporaryFolder folder;
  const support::TestDatabase database;
  const auto file = folder.path() / "words";
  const auto start = [&] {
    support::Program program({"/usr/bin/env", "DIARY_MODERATION_LIST=" + file.string(),
                              std::string("DIARY_JWT_SECRET=") + support::test_jwt_secret, DIARY_BINARY,
                              "serve", "--listen", "127.0.0.1:0", "--database", database.owner_conninfo()});
    const std::string said = program.rest();
    EXPECT_EQ(program.wait(), 1);
    return said;
  };
  const auto absent = start();
  EXPECT_NE(absent.find("the moderation list " + file.string() + " cannot be read"), std::string::npos)
      << absent;
  std::ofstream(file) << "fine\n\xFF\n";
  const auto wrong = start();
  EXPECT_NE(wrong.find("the moderation list " + file.string() + " line 2 is not UTF-8"), std::string::npos)
      << wrong;
  std::ofstream(file) << std::string((1 << 20) + 1, '\n');
  EXPECT_NE(start().find("has more than 1048576 bytes"), std::string::npos);
}

}  // namespace
}  // namespace diary::http::test
