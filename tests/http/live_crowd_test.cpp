// SPDX-License-Identifier: Apache-2.0
// Ten thousand who listen to one server.

#include "http/live_test.hpp"
#include "support/process.hpp"

namespace diary::http::test {
namespace {

using support::RawSocket;

TEST(LiveCrowd, TenThousandListenersCostLittleAndHearAllOfIt) {
  constexpr int many = 10'000;
  const rlim_t files = support::raise_open_files();
  if (files < many + 300) GTEST_SKIP() << "only " << files << " open files are allowed";
  World made({{"DIARY_MAX_CONNECTIONS", "10100"},
              {"DIARY_MAX_CONNECTIONS_PER_ADDRESS", "0"},
              {"DIARY_MAX_LIVE", "10000"},
              {"DIARY_MAX_LIVE_PER_ADDRESS", "0"},
              {"DIARY_LIVE_HEARTBEAT", "10m"}});
  const auto near = made.segment(1, 1);
  const auto far = made.segment(20, 20);
  const auto person = made.person();
  auto writer = made.client(person);
  made.settle();
  const long before = support::resident_kib(made.server.pid());
  std::vector<std::unique_ptr<RawSocket>> crowd;
  for (int i = 0; i < many; ++i) {
    crowd.push_back(std::make_unique<RawSocket>(made.server.port()));
    // One in ten looks at the one street, all others at places where nothing happens.
    crowd.back()->send(
        "GET /api/v1/live/segments?bbox=" + (i % 10 == 0 ? box_around(1, 1) : box_around(40 + i % 50, 30)) +
        " HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  for (const auto& one : crowd) ASSERT_NE(one->read_until("\n\n\r\n").find("retry: 3000"), std::string::npos);
  const long after = support::resident_kib(made.server.pid());
  std::printf("%ld KiB before, %ld KiB with %d listeners: %ld bytes each\n", before, after, many,
              (after - before) * 1024 / many);
  RecordProperty("bytes_of_a_listener", static_cast<int>((after - before) * 1024 / many));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(after, 200 * 1024);
#endif
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_EQ(writer.post("/api/v1/diary/ratings", {{"segment_id", far}, {"rating", 5}}).status, 201U);
  ASSERT_EQ(writer.post("/api/v1/diary/ratings", {{"segment_id", near}, {"rating", 5}}).status, 201U);
  int heard = 0;
  for (int i = 0; i < many; i += 10)
    if (crowd[static_cast<std::size_t>(i)]->read_until("\n\n").find(near) != std::string::npos) ++heard;
  const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  std::printf("%d heard of it within %d ms\n", heard, static_cast<int>(time.count()));
  EXPECT_EQ(heard, many / 10);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(time, std::chrono::seconds{1});
#endif
  EXPECT_FALSE(crowd[1]->hangs_up(std::chrono::seconds{1}));
  EXPECT_EQ(made.server.stop(), 0) << "and all of them go with it";
}

}  // namespace
}  // namespace diary::http::test
