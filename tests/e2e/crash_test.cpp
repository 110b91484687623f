// SPDX-License-Identifier: Apache-2.0
// `diary serve` with its own PostgreSQL, while its parts are killed under load. What was acknowledged is
// there afterwards, once, and the live sums agree with it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "base/uuid.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/ran.hpp"
#include "support/served.hpp"
#include "support/temporary_folder.hpp"

namespace diary::test {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr int writer_count = 4;
constexpr int segment_count = 5'000;

// Writers, each with a connection and an account of its own. A submission without an answer, or with 503, is
// sent again under its id until there is one; `patient` or not.
class Load {
 public:
  explicit Load(int port, bool patient = true) : patient_(patient) {
    static std::atomic<int> next = 0;
    for (int i = 0; i < writer_count; ++i) tokens_.push_back(sign_up(port, next++));
    for (int i = 0; i < writer_count; ++i)
      threads_.emplace_back([this, port, i] { write(port, tokens_[static_cast<std::size_t>(i)]); });
  }
  ~Load() { finish(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void finish() {
    stopping_ = true;
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  std::size_t acknowledged_count() {
    const std::scoped_lock lock(mutex_);
    return acknowledged_.size();
  }
  std::set<std::string> acknowledged() {
    const std::scoped_lock lock(mutex_);
    return acknowledged_;
  }
  std::vector<std::string> surprises() {
    const std::scoped_lock lock(mutex_);
    return surprises_;
  }
  [[nodiscard]] bool more_than(std::size_t before, seconds limit = seconds{60}) {
    return support::eventually([&] { return acknowledged_count() > before; }, limit);
  }

 private:
  static std::string sign_up(int port, int number) {
    support::HttpClient client(port);
    const auto answer =
        client.post("/api/v1/auth/register",
                    {{"email", "w" + std::to_string(number) + "." + Uuid::random().text() + "@example.org"},
                     {"password", "correct horse"}});
    return std::string(answer.json().at("access_token").as_string());
  }
  void write(int port, const std::string& token) {
    support::HttpClient client(port);
    client.token = token;
    for (int i = 0; i < segment_count && !stopping_; ++i) {
      const auto id = Uuid::random().text();
      if (!submit(client,
                  {{"rating_id", id}, {"segment_id", "s" + std::to_string(i)}, {"rating", 1 + i % 5}}))
        return;
      const std::scoped_lock lock(mutex_);
      acknowledged_.insert(id);
    }
  }
  // Until it is acknowledged; false when it is not to be.
  bool submit(support::HttpClient& client, const json::object& body) {
    do {
      try {
        const auto answer = client.post("/api/v1/diary/ratings", body);
        if (answer.status == 201 || answer.status == 200) return true;
        if (answer.status != 503) return surprise(answer.body);
      } catch (const std::runtime_error& e) {  // hung up, which is fair; in the middle of an answer it is not
        if (std::string(e.what()).find("partial message") != std::string::npos) return surprise(e.what());
      }
      if (!patient_) return false;
      std::this_thread::yield();
    } while (!stopping_);
    return false;
  }
  bool surprise(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    surprises_.push_back(what);
    return false;
  }

  bool patient_;
  std::vector<std::string> tokens_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::set<std::string> acknowledged_;
  std::vector<std::string> surprises_;
};

class Crash : public testing::Test {
 protected:
  // One folder for all: making one takes longer than the rest.
  static void SetUpTestSuite() { temporary = std::make_unique<support::TemporaryFolder>(); }
  static void TearDownTestSuite() { temporary.reset(); }
  void SetUp() override {
    start();
    sql("INSERT INTO diary.segments (segment_id, street, length_m, geometry) SELECT 's' || i, 'Main Street', "
        "70, ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.0001, 0), ST_MakePoint(i * 0.0001 + 0.0001, 0)), "
        "4326) "
        "FROM generate_series(0, " +
        std::to_string(segment_count - 1) + ") i ON CONFLICT DO NOTHING");
  }
  void start() {
    server.reset();
    server = std::make_unique<support::Served>(
        DIARY_BINARY, std::vector<std::string>{"--data", folder},
        std::map<std::string, std::string>{{"DIARY_RATINGS_PER_HOUR", "1000000"}});
  }
  std::string sql(const std::string& text) {
    const auto ran =
        support::run({DIARY_BINARY, "psql", "--data", folder, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text});
    EXPECT_EQ(ran.code, 0) << ran.output;
    return ran.output;
  }
  pid_t postmaster() {
    pid_t pid = 0;
    std::ifstream(folder / "pg/postmaster.pid") >> pid;
    return pid;
  }
  void expect_all_there(Load& load) {
    const auto surprises = load.surprises();
    EXPECT_TRUE(surprises.empty()) << surprises.size() << " such as " << surprises.front();
    std::istringstream lines(sql("SELECT rating_id FROM diary.ratings"));
    std::set<std::string> stored;
    for (std::string id; std::getline(lines, id);) EXPECT_TRUE(stored.insert(id).second);
    std::size_t lost = 0;
    const auto acknowledged = load.acknowledged();
    for (const std::string& id : acknowledged) lost += stored.contains(id) ? 0U : 1U;
    EXPECT_EQ(lost, 0U) << "of " << acknowledged.size();
    const auto rebuilt = support::run({DIARY_BINARY, "rebuild", "--json", "--data", folder});
    EXPECT_EQ(rebuilt.code, 0);
    EXPECT_EQ(rebuilt.output, "[]\n");
  }

  static inline std::unique_ptr<support::TemporaryFolder> temporary;
  std::filesystem::path folder = temporary->path() / "data";
  std::unique_ptr<support::Served> server;
};

TEST_F(Crash, TheServerIsKilled) {
  Load load(server->port(), false);
  ASSERT_TRUE(load.more_than(200)) << server->log();
  server->kill_hard();
  load.finish();
  start();
  expect_all_there(load);
  Load again(server->port());
  EXPECT_TRUE(again.more_than(50)) << server->log();
}

TEST_F(Crash, PostgresIsKilledAndThenOneOfItsProcesses) {
  Load load(server->port());
  ASSERT_TRUE(load.more_than(200)) << server->log();

  const pid_t first = postmaster();
  ASSERT_GT(first, 0);
  kill(first, SIGKILL);
  EXPECT_TRUE(support::eventually([&] { return postmaster() != first && postmaster() > 0; }))
      << server->log();
  EXPECT_TRUE(load.more_than(load.acknowledged_count() + 200)) << server->log();

  const auto backend =
      sql("SELECT pid FROM pg_stat_activity WHERE query LIKE '%submit_ratings%' AND pid <> pg_backend_pid() "
          "LIMIT 1");
  ASSERT_NE(backend, "");
  kill(std::stoi(backend), SIGKILL);
  EXPECT_TRUE(load.more_than(load.acknowledged_count() + 200)) << server->log();
  load.finish();
  expect_all_there(load);
  EXPECT_TRUE(server->running());
}

TEST_F(Crash, SigtermFinishesWhatIsInFlight) {
  Load load(server->port(), false);
  ASSERT_TRUE(load.more_than(200)) << server->log();
  EXPECT_EQ(server->stop(), 0);
  load.finish();
  expect_all_there(load);
}

TEST_F(Crash, ASecondServerIsRefused) {
  const auto second = support::run({DIARY_BINARY, "serve", "--listen", "127.0.0.1:0", "--data", folder});
  EXPECT_EQ(second.code, 1);
  EXPECT_NE(second.output.find("diary: "), std::string::npos) << second.output;
  // The first may still be at reading the city.
  EXPECT_TRUE(
      support::eventually([&] { return support::HttpClient(server->port()).get("/readyz").status == 200U; }));
}

TEST(DataFolder, AFolderThatPostgresCannotEnterIsRefusedByName) {
  if (geteuid() != 0) GTEST_SKIP() << "only root's folders can be closed to the user that PostgreSQL runs as";
  const support::TemporaryFolder temporary;
  chmod(temporary.path().c_str(), 0700);
  const auto ran =
      support::run({DIARY_BINARY, "serve", "--listen", "127.0.0.1:0", "--data", temporary.path() / "data"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.output.find("cannot enter this folder; choose another with --data"), std::string::npos)
      << ran.output;
  EXPECT_FALSE(std::filesystem::exists(temporary.path() / "data"));
}

}  // namespace
}  // namespace diary::test
