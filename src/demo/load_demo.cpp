// SPDX-License-Identifier: Apache-2.0
#include "demo/load_demo.hpp"

#include <stdexcept>

#include "demo/people.hpp"
#include "store/sample_loader.hpp"
#include "store/segment_loader.hpp"

namespace diary::demo {
namespace {

bool is_there(pg::Connection& connection) {
  return !connection.exec("SELECT FROM auth.users WHERE lower(email) = $1", {demo_email}).empty();
}

std::int64_t load_segments(pg::Connection& connection) {
  SegmentLoader loader(connection);
  for (const CitySegment& segment : city()) loader.add(segment.segment);
  const auto counts = loader.finish();
  // The ids are the city's own and unique; a refusal would be a bug.
  if (!counts) throw std::logic_error(counts.error().message);
  return counts->inserted + counts->updated + counts->unchanged;
}

void load_history(pg::Connection& connection, History history, DemoLoad& load) {
  SampleLoader loader(connection);
  loader.add_users(history.users);
  load.users = static_cast<std::int64_t>(history.users.size());
  while (!history.chronicle.done()) {
    if (loader.full()) loader.flush();
    const Sample sample = history.chronicle.next();
    ++(std::holds_alternative<SampleRating>(sample) ? load.ratings : load.votes);
    loader.add(sample);
  }
  loader.flush();
}

}  // namespace

DemoLoad load_demo(pg::Connection& connection, std::uint64_t seed, Time now,
                   const std::string& demo_password_hash, const HistorySize& size) {
  DemoLoad load;
  pg::Transaction transaction(connection);
  // Two servers started at once would both find the demo missing.
  connection.exec("SELECT pg_advisory_xact_lock(hashtextextended('diary demo', 0))");
  if (is_there(connection)) {
    load.was_there = true;
    return load;
  }
  load.segments = load_segments(connection);
  History told = history(seed, now, size);
  told.users.front().password_hash = demo_password_hash;
  load_history(connection, std::move(told), load);
  connection.exec("ANALYZE diary.segments, diary.ratings, diary.votes, auth.users");
  transaction.commit();
  return load;
}

}  // namespace diary::demo
