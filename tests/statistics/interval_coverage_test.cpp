// SPDX-License-Identifier: Apache-2.0
// The figures of docs/statistics.md are those of the interval as it is computed today: a smaller simulation
// with other random numbers comes to the same, within what chance allows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "statistics/simulation.hpp"

namespace diary::test {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(std::string(DIARY_SOURCE_DIR) + path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// The rows of the committed figures.
std::vector<Coverage> committed() {
  std::vector<Coverage> all;
  std::istringstream lines(contents("/docs/figures/interval-coverage.csv"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    Coverage c;
    const auto end = line.find('"', 1);
    c.scenario = line.substr(1, end - 1);
    std::istringstream numbers(line.substr(end + 2));
    char comma = 0;
    numbers >> c.streets >> comma >> c.published >> comma >> c.constant_truth >> comma >>
        c.votes_as_evidence >> comma >> c.mean_width >> comma >> c.bias >> comma >> c.rmse;
    EXPECT_TRUE(numbers) << line;
    all.push_back(c);
  }
  return all;
}

// Five standard errors of the difference of two shares, and what rounding may add.
double allowed(double share, int streets, int others) {
  const double p = std::clamp(share, 0.002, 0.998);
  return 5 * std::sqrt(p * (1 - p) * (1.0 / streets + 1.0 / others)) + 1e-4;
}

TEST(IntervalCoverage, IsThatOfTheFigures) {
  const char* given = std::getenv("DIARY_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  fmt::print("DIARY_TEST_SEED={}\n", seed);
  const auto figures = committed();
  ASSERT_EQ(figures.size(), scenarios().size());
  constexpr int streets = 1000;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const Coverage& figure = figures[i];
    const Coverage found = simulate(scenarios()[i], streets, seed + i);
    EXPECT_EQ(figure.scenario, found.scenario);
    EXPECT_NEAR(found.published, figure.published, allowed(figure.published, streets, figure.streets))
        << figure.scenario;
    EXPECT_NEAR(found.constant_truth, figure.constant_truth,
                allowed(figure.constant_truth, streets, figure.streets))
        << figure.scenario;
    EXPECT_NEAR(found.votes_as_evidence, figure.votes_as_evidence,
                allowed(figure.votes_as_evidence, streets, figure.streets))
        << figure.scenario;
    EXPECT_NEAR(found.mean_width, figure.mean_width, 0.1) << figure.scenario;
    EXPECT_NEAR(found.bias, figure.bias, 5 * figure.rmse / std::sqrt(streets) + 0.001) << figure.scenario;
  }
}

TEST(IntervalCoverage, IsWhatThePageSays) {
  const std::string page = contents("/docs/statistics.md");
  for (const Coverage& c : committed()) {
    const std::string row = fmt::format("| {} | {:.1f} % | {:.1f} % | {:.1f} % | {:.2f} | {:+.2f} | {:.2f} |",
                                        c.scenario, 100 * c.published, 100 * c.constant_truth,
                                        100 * c.votes_as_evidence, c.mean_width, c.bias, c.rmse);
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(IntervalCoverage, IsTheSameForTheSameSeed) {
  const Coverage first = simulate(scenarios()[2], 200, 7);
  const Coverage again = simulate(scenarios()[2], 200, 7);
  EXPECT_EQ(first.published, again.published);
  EXPECT_EQ(first.rmse, again.rmse);
  EXPECT_NE(first.rmse, simulate(scenarios()[2], 200, 8).rmse);
}

}  // namespace
}  // namespace diary::test
