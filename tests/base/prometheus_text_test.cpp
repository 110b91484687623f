// SPDX-License-Identifier: Apache-2.0
#include "base/prometheus_text.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace diary {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(PrometheusText, Samples) {
  PrometheusText page;
  page.metric("some_total", "counter", "What it\nis.");
  page.sample(3);
  page.sample(0.25, {{"a", "x"}, {"b", "say \"\\\"\n"}});
  page.metric("other", "gauge", "Another.");
  page.sample(1e15);
  EXPECT_EQ(page.take(),
            "# HELP some_total What it\\nis.\n# TYPE some_total counter\nsome_total 3\n"
            "some_total{a=\"x\",b=\"say \\\"\\\\\\\"\\n\"} 0.25\n"
            "# HELP other Another.\n# TYPE other gauge\nother 1000000000000000\n");
}

TEST(PrometheusText, Histograms) {
  Histogram times;
  times.observe(microseconds{500});  // a bound belongs to its bucket
  times.observe(milliseconds{3});
  times.observe(std::chrono::seconds{11});
  PrometheusText page;
  page.metric("took_seconds", "histogram", "How long.");
  page.histogram(times, {{"of", "it"}});
  const std::string text = page.take();
  for (const char* line :
       {"took_seconds_bucket{of=\"it\",le=\"0.0005\"} 1\n",
        "took_seconds_bucket{of=\"it\",le=\"0.0025\"} 1\n", "took_seconds_bucket{of=\"it\",le=\"0.005\"} 2\n",
        "took_seconds_bucket{of=\"it\",le=\"10\"} 2\n", "took_seconds_bucket{of=\"it\",le=\"+Inf\"} 3\n",
        "took_seconds_sum{of=\"it\"} 11.0035\n", "took_seconds_count{of=\"it\"} 3\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << " is missing in\n" << text;
}

TEST(Histogram, LosesNothingUnderThreads) {
  Histogram times;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) times.observe(milliseconds{1});
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(times.count(1), 40'000U);
  EXPECT_NEAR(times.sum_s(), 40, 1e-6);
}

}  // namespace
}  // namespace diary
