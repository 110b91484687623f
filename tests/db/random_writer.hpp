// SPDX-License-Identifier: Apache-2.0
#pragma once

// A session that does to ratings and votes whatever anybody might: times out of order and at the very edges
// of the windows, rows that move, statuses that flip, whole people and streets that go, transactions that
// roll back.

#include <random>
#include <string>

#include "pg/connection.hpp"

namespace diary::test {

struct Population {
  int segments = 30;  // s1..; the first few get most of the ratings
  int users = 60;     // u1@x.org..
};

void populate(pg::Connection& connection, const Population& population);

class RandomWriter {
 public:
  RandomWriter(const std::string& conninfo, Population population, std::uint64_t seed)
      : connection_(conninfo), population_(population), random_(seed) {}

  // One random operation. What the database refuses (a duplicate, a lost race) is rolled back and counted.
  void step();
  [[nodiscard]] long refused() const { return refused_; }
  [[nodiscard]] long done() const { return done_; }

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::string segment();
  std::string user();
  std::string time();
  std::string tags();
  std::string operation();

  pg::Connection connection_;
  Population population_;
  std::mt19937_64 random_;
  long refused_ = 0;
  long done_ = 0;
};

}  // namespace diary::test
