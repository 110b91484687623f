// SPDX-License-Identifier: Apache-2.0
#include "demo/synthetic.hpp"

#include <fmt/format.h>

#include <numeric>

#include "demo/chronicle.hpp"
#include "demo/people.hpp"
#include "store/sample_loader.hpp"

namespace diary::demo {
namespace {

std::vector<std::string> segment_ids(pg::Connection& connection) {
  const pg::Rows rows = connection.exec("SELECT segment_id FROM diary.segments ORDER BY segment_id", {});
  std::vector<std::string> ids;
  ids.reserve(static_cast<std::size_t>(rows.size()));
  for (int row = 0; row < rows.size(); ++row) ids.push_back(rows.str(row, 0));
  return ids;
}

std::string email_of(std::uint64_t seed, std::size_t index) {
  return fmt::format("synth-{}-{}@synth.example.org", seed, index);
}

std::vector<SampleUser> synthetic_people(Random& random, const SynthOrder& order, Time before) {
  auto users = people(random, order.users, before);
  for (std::size_t i = 0; i < users.size(); ++i) users[i].email = email_of(order.seed, i);
  return users;
}

// Visits fall with the rank as Zipf has it; which segment has which rank is drawn.
std::vector<Character> synthetic_characters(Random& random, const std::vector<std::string>& ids) {
  std::vector<std::size_t> rank(ids.size());
  std::iota(rank.begin(), rank.end(), std::size_t{0});
  for (std::size_t i = rank.size(); i > 1; --i) std::swap(rank[i - 1], rank[random.below(i)]);
  std::vector<Character> characters;
  characters.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const double x = random.unit();
    characters.push_back({.segment_id = ids[i],
                          .visits = 1 / (static_cast<double>(rank[i]) + 10),
                          .safety = 3.4 + 0.6 * random.bell(),
                          .night = random.unit(),
                          .change = x < 0.05  ? 1.5
                                    : x < 0.1 ? -1.5
                                              : 0,
                          .middle = {0, 0}});
  }
  return characters;
}

void write_users(pg::Connection& connection, const std::vector<SampleUser>& users) {
  pg::Transaction transaction(connection);
  SampleLoader(connection).add_users(users);
  transaction.commit();
}

void write_chunk(pg::Connection& connection, SampleLoader& loader) {
  pg::Transaction transaction(connection);
  loader.flush();
  transaction.commit();
}

void write_all(pg::Connection& connection, Chronicle& chronicle, std::uint64_t total,
               const Progress& progress) {
  SampleLoader loader(connection);
  std::uint64_t done = 0;
  for (; !chronicle.done(); ++done) {
    loader.add(chronicle.next());
    if (!loader.full()) continue;
    write_chunk(connection, loader);
    progress(done, total);
  }
  write_chunk(connection, loader);
  progress(total, total);
}

}  // namespace

Result<void> load_synthetic(pg::Connection& connection, const SynthOrder& order, const Progress& progress) {
  const auto ids = segment_ids(connection);
  if (ids.empty()) return fail(Errc::failed, "the database has no segments; import some first");
  if (!connection.exec("SELECT FROM auth.users WHERE lower(email) = $1", {email_of(order.seed, 0)}).empty())
    return fail(Errc::failed, fmt::format("seed {} was loaded before; choose another", order.seed));

  Random random(order.seed ^ 0x53594e5448455449U);
  const Time begin = order.now - std::chrono::days{order.days};
  const auto users = synthetic_people(random, order, begin);
  Plan plan{.streets = synthetic_characters(random, ids),
            .users = {},
            .ratings = order.ratings,
            .votes = order.votes,
            .begin = begin,
            .end = order.now,
            .seed = order.seed,
            .homes = false};
  for (const SampleUser& user : users) plan.users.push_back(user.user_id);
  Chronicle chronicle(std::move(plan));
  write_users(connection, users);
  try {
    write_all(connection, chronicle, order.ratings + order.votes, progress);
  } catch (const TooCrowded& e) {
    return fail(Errc::failed, e.what());
  }
  return {};
}

}  // namespace diary::demo
