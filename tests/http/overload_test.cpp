// SPDX-License-Identifier: Apache-2.0
// More than the server can do: what is past its capacity is refused in bounded time, health goes on being
// told, and all is well again afterwards. The database is held up by a lock.
#include <atomic>
#include <thread>

#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

// A score of the past, which no memory holds.
std::string past_score(const std::string& segment) {
  return "/api/v1/diary/segments/" + segment + "?at=" + after(std::chrono::seconds{-5});
}
// Those that wait for the table; upkeep, which may wait for it, too, does not count.
constexpr const char* waiting_requests =
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND relation = "
    "'diary.segments'::regclass AND query NOT LIKE '%sync_segments%'";

class Overload : public testing::Test {
 protected:
  static World& narrow() {
    static World made({{"DATABASE_POOL_SIZE", "1"}, {"DIARY_MAX_WAIT", "1"}});
    return made;
  }
  static std::chrono::milliseconds since(std::chrono::steady_clock::time_point begun) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  }
  // A reader or writer of segments waits until this ends.
  struct Held {
    explicit Held(pg::Connection& connection) : lock(connection) {
      connection.exec("LOCK TABLE diary.segments IN ACCESS EXCLUSIVE MODE");
    }
    pg::Transaction lock;
  };
  // So many at once; each answer's status, and the longest that a refusal took.
  template <class Ask>
  static std::vector<unsigned> all_at_once(int count, std::chrono::milliseconds& longest_refusal, Ask ask) {
    std::vector<unsigned> statuses(static_cast<std::size_t>(count));
    std::vector<std::chrono::milliseconds> times(statuses.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < statuses.size(); ++i)
      threads.emplace_back([&, i] {
        const auto begun = std::chrono::steady_clock::now();
        const Answer answer = ask();
        times[i] = since(begun);
        statuses[i] = answer.status;
        EXPECT_EQ(answer.header("retry-after") != "", answer.status == 503) << answer.body;
      });
    for (auto& thread : threads) thread.join();
    longest_refusal = {};
    for (std::size_t i = 0; i < statuses.size(); ++i)
      if (statuses[i] == 503) longest_refusal = std::max(longest_refusal, times[i]);
    return statuses;
  }
};

TEST_F(Overload, ReadsAreRefusedInBoundedTimeAndHealthIsTold) {
  const std::string path = past_score(narrow().segment());
  std::atomic<bool> asked = false;
  std::thread first;
  {
    const Held held(narrow().owner);
    first = std::thread([&] {
      asked = true;
      EXPECT_EQ(narrow().client().get(path).status, 200U) << "begun before, and done in the end";
    });
    ASSERT_TRUE(support::eventually([&] { return asked && narrow().one(waiting_requests) != "0"; }));
    std::chrono::milliseconds longest{};
    const auto statuses = all_at_once(20, longest, [&] { return narrow().client().get(path); });
    for (const unsigned status : statuses) EXPECT_EQ(status, 503U);
    EXPECT_LT(longest, std::chrono::seconds{10});
    EXPECT_EQ(narrow().client().get("/healthz").status, 200U);
    for (const char* health : {"/readyz", "/api/health"}) {
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_EQ(narrow().client().get(health).json().at("database"), "up") << "it is only slow";
      EXPECT_LT(since(begun), std::chrono::seconds{5});
    }
  }
  first.join();
  EXPECT_EQ(narrow().client().get(path).status, 200U);
}

TEST_F(Overload, SubmissionsThatWaitedTooLongAreNotStored) {
  const std::string segment = narrow().segment();
  const Person one = narrow().person();
  std::vector<Person> others;
  for (int i = 0; i < 8; ++i) others.push_back(narrow().person());
  const json::value body{{"segment_id", segment}, {"rating", 4}};
  unsigned begun_before = 0;
  std::thread first;
  {
    const Held held(narrow().owner);
    first = std::thread([&] { begun_before = narrow().client(one).post(api::ratings, body).status; });
    ASSERT_TRUE(support::eventually([&] {
      return narrow().one(
                 "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = "
                 "'diary.segments'::regclass") != "0";
    }));
    std::atomic<std::size_t> next = 0;
    std::chrono::milliseconds longest{};
    const auto statuses = all_at_once(static_cast<int>(others.size()), longest, [&] {
      return narrow().client(others[next++]).post(api::ratings, body);
    });
    for (const unsigned status : statuses) EXPECT_EQ(status, 503U);
    EXPECT_LT(longest, std::chrono::seconds{10});
  }
  first.join();
  EXPECT_EQ(begun_before, 201U);
  EXPECT_EQ(narrow().one("SELECT count(*) FROM diary.ratings WHERE segment_id = $1", {segment}), "1")
      << "what was refused is not stored";
  EXPECT_EQ(narrow().client(others[0]).post(api::ratings, body).status, 201U);
}

TEST_F(Overload, PasswordsAreRefusedPastTheirQueue) {
  World slow({{"DIARY_BCRYPT_COST", "13"}, {"DIARY_MAX_WAIT", "1"}});
  std::chrono::milliseconds longest{};
  const auto statuses = all_at_once(100, longest, [&] {
    return slow.client().post("/api/v1/auth/login", {{"email", "nobody@example.org"}, {"password", "x"}});
  });
  EXPECT_GT(std::ranges::count(statuses, 503U), 0);
  EXPECT_GT(std::ranges::count(statuses, 401U), 0);
  EXPECT_LT(longest, std::chrono::seconds{20});
  EXPECT_EQ(slow.client().get("/api/v1/diary/segments").status, 200U) << "reads are not concerned";
}

// Under a lock that nobody gives up, a statement of either kind ends by itself, and nothing of it stays.
TEST_F(Overload, StatementsEndInTimeWith503) {
  World brief({{"DIARY_STATEMENT_TIME", "1"}, {"DIARY_SUBMISSION_TIME", "1"}});
  const std::string segment = brief.segment();
  const Person person = brief.person();
  const json::value body{{"segment_id", segment}, {"rating", 4}};
  {
    const Held held(brief.owner);
    for (const Answer& answer :
         {brief.client().get(past_score(segment)), brief.client(person).post(api::ratings, body)}) {
      expect_problem(answer, 503, "unavailable");
      EXPECT_NE(answer.header("retry-after"), "");
    }
  }
  EXPECT_EQ(brief.client().get(past_score(segment)).status, 200U);
  EXPECT_EQ(brief.one("SELECT count(*) FROM diary.ratings"), "0");
  EXPECT_EQ(brief.client(person).post(api::ratings, body).status, 201U);
}

TEST_F(Overload, AStopWaitsForWhatIsUnderWay) {
  const std::map<std::string, std::string> narrow_pool{{"DATABASE_POOL_SIZE", "1"}};
  World made(narrow_pool);
  const std::string path = past_score(made.segment());
  std::thread asking;
  std::thread stopping;
  {
    const Held held(made.owner);
    asking = std::thread([&] {
      const Answer answer = made.client().get(path);
      EXPECT_EQ(answer.status, 200U);
      EXPECT_EQ(answer.header("connection"), "close");
    });
    ASSERT_TRUE(support::eventually([&] { return made.one(waiting_requests) != "0"; }));
    stopping = std::thread([&] { EXPECT_EQ(made.server.stop(), 0); });
    EXPECT_TRUE(support::eventually([&] {
      try {
        const support::RawSocket late(made.server.port());
        return false;
      } catch (const std::system_error&) {
        return true;
      }
    }));
  }
  asking.join();
  stopping.join();
}

}  // namespace
}  // namespace diary::http::test
