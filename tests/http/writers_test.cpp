// SPDX-License-Identifier: Apache-2.0
// Many at once: what was acknowledged is stored, exactly once, and nothing else is.
#include <mutex>
#include <thread>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

constexpr int writers = 100;
constexpr int hot_segments = 5;

struct Tally {
  std::mutex mutex;
  std::set<std::string> ratings;
  std::set<std::string> votes;
  std::vector<std::string> surprises;
};

// One person's ten submissions, right and wrong ones; every right one is sent twice.
void write_all(HttpClient client, const std::vector<std::string>& segments, int number, Tally& tally) {
  const auto submit = [&](const char* path, const json::object& body, unsigned wanted) {
    const auto answer = client.post(path, body);
    const std::scoped_lock lock(tally.mutex);
    if (answer.status != wanted)
      tally.surprises.push_back(std::to_string(wanted) + " wanted, got " + answer.body);
    return answer.status;
  };
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto id = Uuid::random().text();
    const bool vote = (i + static_cast<std::size_t>(number)) % 3 == 0;
    const json::object body =
        vote ? json::object{{"vote_id", id},
                            {"segment_id", segments[i]},
                            {"action", number % 2 == 0 ? "agree" : "safer"}}
             : json::object{{"rating_id", id}, {"segment_id", segments[i]}, {"rating", 1 + number % 5}};
    const char* path = vote ? "/api/v1/diary/votes" : "/api/v1/diary/ratings";
    if (submit(path, body, 201) == 201) {
      const std::scoped_lock lock(tally.mutex);
      (vote ? tally.votes : tally.ratings).insert(id);
    }
    submit(path, body, 200);
    auto other_id = body;
    other_id[vote ? "vote_id" : "rating_id"] = Uuid::random().text();
    submit(path, other_id, 409);
    other_id["segment_id"] = "there is none";
    submit(path, other_id, 404);
  }
}

TEST(Writers, AHundredAtOnce) {
  std::vector<std::string> segments;
  for (int i = 0; i < hot_segments; ++i) segments.push_back(world().segment());
  std::vector<Person> people;
  for (int i = 0; i < writers; ++i) people.push_back(world().person());
  Tally tally;
  std::vector<std::thread> threads;
  threads.reserve(writers);
  for (int i = 0; i < writers; ++i) {
    threads.emplace_back([&, i] {
      try {
        write_all(world().client(people[static_cast<std::size_t>(i)]), segments, i, tally);
      } catch (const std::exception& e) {
        const std::scoped_lock lock(tally.mutex);
        tally.surprises.emplace_back(e.what());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(tally.surprises.empty()) << tally.surprises.size() << " such as " << tally.surprises.front();

  std::string ids = "{";
  for (const Person& person : people) ids += (ids.size() > 1 ? "," : "") + person.user_id;
  ids += '}';
  const auto stored = [&](const std::string& sql) {
    const auto rows = world().owner.exec(sql, {ids});
    std::multiset<std::string> found;
    for (int i = 0; i < rows.size(); ++i) found.insert(rows.str(i, 0));
    return found;
  };
  EXPECT_EQ(stored("SELECT rating_id FROM diary.ratings WHERE user_id = ANY ($1::uuid[])"),
            (std::multiset<std::string>(tally.ratings.begin(), tally.ratings.end())));
  EXPECT_EQ(stored("SELECT vote_id FROM diary.votes WHERE user_id = ANY ($1::uuid[])"),
            (std::multiset<std::string>(tally.votes.begin(), tally.votes.end())));
  EXPECT_EQ(world().one("SELECT count(*) FROM analytics.drift"), "0");
}

}  // namespace
}  // namespace diary::http::test
