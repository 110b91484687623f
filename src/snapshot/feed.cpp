// SPDX-License-Identifier: Apache-2.0
#include "snapshot/feed.hpp"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "base/time.hpp"

namespace diary::snapshot {
namespace {

constexpr int rows_per_page = 4000;
constexpr std::chrono::seconds refresh_interval{1};
constexpr std::chrono::seconds stale_after{3};
constexpr std::chrono::milliseconds longest_pause{2000};  // between attempts to reach the database
// Transactions that left no trace in the log before a crash give their numbers to others after it: whoever
// comes back looks this far behind its cursor.
constexpr std::uint64_t step_back = 1'000'000;

std::string stepped_back(const std::string& cursor) {
  constexpr std::uint64_t first = 3;  // of the numbers that are given to transactions
  std::uint64_t number = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  return std::to_string(number > step_back + first ? number - step_back : first);
}

// Of a database and one of its histories, for tokens.
std::string history_of(const FeedPosition& position) {
  std::string text;
  append_hex(text, digest_of(position.system_identifier + '/' + position.timeline.value_or("") + '/' +
                             position.database));
  return text.substr(0, 12);
}

}  // namespace

CityFeed::CityFeed(Options options)
    : options_(std::move(options)),
      network_(options_.network),
      tiles_(city_, options_.tiles),
      live_(std::make_shared<Live>(options_.live)),
      thread_([this] { work(); }) {}

CityFeed::~CityFeed() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  for (const Waiting& each : waiting_) each.done(false);
}

void CityFeed::catch_up(std::function<void(bool)> done) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::nullopt, std::move(done)});
  }
  wake_.notify_one();
}

void CityFeed::catch_up(std::vector<std::string> segment_ids, std::function<void(bool)> done) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::move(segment_ids), std::move(done)});
  }
  wake_.notify_one();
}

std::optional<std::chrono::seconds> CityFeed::stale_for() const {
  const auto silence = Clock::now().time_since_epoch() - heard_.load();
  if (silence < stale_after) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(silence);
}

void CityFeed::work() {
  std::optional<CityLink> link;
  std::chrono::milliseconds pause = options_.interval;
  auto refreshed = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto told = std::exchange(waiting_, {});  // what they committed, this round sees
    lock.unlock();
    const bool fine = serve(link, told);
    for (const Waiting& each : told) each.done(fine);
    pause = fine ? options_.interval : std::min(longest_pause, pause * 2);
    if (city_.loaded() && Clock::now() - refreshed >= refresh_interval) {
      city_.refresh(now());
      refreshed = Clock::now();
    }
    if (city_.loaded()) network_.refresh(now());
    lock.lock();
    wake_.wait_for(lock, pause, [this] { return stopping_ || !waiting_.empty(); });
  }
}

// Shows what they wait for: those segments alone when all have named theirs, the feed is not due, and no
// graph is being built; everything otherwise.
bool CityFeed::serve(std::optional<CityLink>& link, const std::vector<Waiting>& waiting) {
  const bool due = !position_ || Clock::now() - followed_ >= options_.interval;
  const bool named = !waiting.empty() && std::ranges::all_of(waiting, [](const Waiting& one) {
    return one.segment_ids.has_value();
  });
  if (link && !due && named && !network_.is_building() && look_at(link, waiting)) return true;
  const bool was_linked = link.has_value();
  // A connection that was cut while it lay idle is no reason to disappoint those who wait.
  return round(link) || (was_linked && round(link));
}

// Reads these segments' states. False when that is not enough: then the feed has all.
bool CityFeed::look_at(std::optional<CityLink>& link, const std::vector<Waiting>& waiting) {
  std::vector<std::string> ids;
  for (const Waiting& each : waiting)
    ids.insert(ids.end(), each.segment_ids->begin(), each.segment_ids->end());
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  if (ids.size() > rows_per_page) return false;
  try {
    const auto states = link->store().states(ids);
    const Time at = now();
    std::vector<std::string> others;
    const auto changed = city_.move(states, at, others);
    for (const SegmentState& state : states) last_xid_ = std::max(last_xid_, state.changed_xid);
    network_.move(states, at);
    tell(changed, at);
    heard();
    return others.empty() && states.size() == ids.size();
  } catch (const std::exception& e) {
    spdlog::warn("the city does not follow the database: {}", e.what());
    link.reset();
    return false;
  }
}

// One look at the feed. False when the database could not be asked.
bool CityFeed::round(std::optional<CityLink>& link) {
  try {
    const bool is_new = !link;
    if (is_new) link.emplace(options_.conninfo, options_.role);
    CityStore store = link->store();
    if (position_)
      follow(store, is_new);
    else
      read_all(store);
    heard();
    return true;
  } catch (const std::exception& e) {
    spdlog::warn("the city does not follow the database: {}", e.what());
    link.reset();
    return false;
  }
}

void CityFeed::follow(CityStore& store, bool is_new_connection) {
  // Behind a new connection there may be a server that crashed: nothing of what was seen is taken for
  // granted.
  auto answer = is_new_connection ? store.changes(stepped_back(position_->cursor), std::nullopt)
                                  : store.changes(position_->cursor, position_->seen);
  if (answer.position.system_identifier != position_->system_identifier ||
      answer.position.timeline != position_->timeline) {
    // Another cluster (a restored backup, an upgrade), or another history of this one (a standby took over,
    // and what its predecessor had not sent it is undone): no cursor leads from one to the other.
    spdlog::warn("the database has another history now; reading the whole city anew");
    read_all(store);
    return;
  }
  heard();
  last_xid_ = std::max(last_xid_, answer.last_xid);
  remove(answer.gone);
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < answer.changed.size(); ++i) {
    // A number that a crash gave twice comes over a new connection alone.
    if (is_new_connection || !city_.has(answer.changed[i], answer.changed_by[i]))
      unknown.push_back(std::move(answer.changed[i]));
  }
  read_some(store, unknown);
  position_ = answer.position;  // not before all of it is applied
  followed_ = Clock::now();
  live_->reached(point_of(answer.position));
}

// A transaction that a crash undoes may leave its number to another: whatever such a one may have had is not
// taken for seen, only what was seen to be committed.
Live::Point CityFeed::point_of(const FeedPosition& position) const {
  std::uint64_t oldest = 0;
  std::from_chars(position.cursor.data(), position.cursor.data() + position.cursor.size(), oldest);
  return {last_xid_, std::min(oldest, last_xid_ + 1)};
}

void CityFeed::read_some(CityStore& store, const std::vector<std::string>& ids) {
  for (std::size_t from = 0; from < ids.size(); from += rows_per_page) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), from + rows_per_page));
    put(store.some({begin, end}));
    heard();
  }
}

void CityFeed::put(const std::vector<LiveSegment>& segments) {
  const Time at = now();
  for (const LiveSegment& segment : segments) last_xid_ = std::max(last_xid_, segment.changed_xid);
  const auto changed = city_.put(segments, at);
  network_.put(segments, at);
  tell(changed, at);
}

void CityFeed::remove(const std::vector<std::string>& segment_ids) {
  const auto changed = city_.remove(segment_ids);
  network_.remove(segment_ids);
  tell(changed, now());
}

void CityFeed::tell(const std::vector<CityChange>& changes, Time at) {
  tiles_.changed(changes);
  if (!position_) return;  // another history: listeners are told that once all is read
  std::vector<Live::Change> told;
  told.reserve(changes.size());
  for (const CityChange& change : changes) {
    std::string data;
    if (change.gone) {
      data = R"({"segment_id":)";
      log::append_json_string(data, change.segment_id);
      data += '}';
    } else {
      static_cast<void>(city_.find(change.segment_id, Form::event, at, data));
    }
    told.push_back({change, std::move(data)});
  }
  live_->publish(std::move(told), last_xid_);
}

// What changes while the pages are read is behind the position, and read once more by the next round.
void CityFeed::read_all(CityStore& store) {
  position_.reset();
  const auto begun = Clock::now();
  if (!city_.loaded()) {
    city_.begin_loading();
    network_.begin_loading();
  }
  auto position = store.position();
  last_xid_ = position.last_gone;
  std::vector<std::string> found;
  std::optional<std::string> after;
  while (true) {
    const auto page = store.page(after, rows_per_page);
    if (city_.loaded()) {
      put(page);
      heard();
    } else {
      city_.add(page, now());
      network_.add(page);
    }
    for (const LiveSegment& segment : page) {
      found.push_back(segment.segment_id);
      last_xid_ = std::max(last_xid_, segment.changed_xid);
    }
    if (page.size() < rows_per_page) break;
    after = page.back().segment_id;
  }
  if (city_.loaded()) {
    std::ranges::sort(found);
    std::vector<std::string> gone;
    std::ranges::set_difference(city_.ids(), found, std::back_inserter(gone));
    remove(gone);
    live_->restart(history_of(position), point_of(position), position.last_gone);
  } else {
    live_->restart(history_of(position), point_of(position), position.last_gone);
    city_.finish_loading();
    network_.finish_loading(now());
  }
  position_ = std::move(position);
  malloc_trim(0);  // the pages' memory
  spdlog::info("read {} segments in {} ms", found.size(),
               std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count());
}

}  // namespace diary::snapshot
