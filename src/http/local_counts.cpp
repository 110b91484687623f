// SPDX-License-Identifier: Apache-2.0
#include "http/local_counts.hpp"

#include <iterator>

namespace diary::http {
namespace {

Tally tally(const SlidingWindow& hits, int count, const LocalCounts::Question& question) {
  const auto wait = hits.empty() ? question.window : hits.frees(question.window) - question.at;
  return {count < question.limit, count, wait};
}

}  // namespace

void LocalCounts::make_room(const Question& question) {
  constexpr int all = 1 << 30;
  for (int most = 0; entries_.size() >= max_names_; most = most == 0 ? 1 : most * 2) {
    for (auto it = entries_.begin(); it != entries_.end();) {
      Entry& entry = it->second;
      const bool goes = most == all || (entry.refused_until <= question.at &&
                                        entry.hits.count(question.at, question.window) <= most);
      it = goes ? entries_.erase(it) : std::next(it);
    }
  }
}

// The name changed with the day: what is counted under yesterday's goes on under today's.
void LocalCounts::take_over(Entry& entry, const Question& question) {
  if (!question.names.before) return;
  const auto old = entries_.find(*question.names.before);
  if (old == entries_.end()) return;
  entry.hits.merge(old->second.hits);
  entries_.erase(old);
}

LocalCounts::Entry& LocalCounts::entry(const Question& question) {
  if (!entries_.contains(question.names.now)) make_room(question);
  Entry& found = entries_[question.names.now];
  take_over(found, question);
  return found;
}

Tally LocalCounts::hit(const Question& question) {
  const std::scoped_lock lock(mutex_);
  SlidingWindow& hits = entry(question).hits;
  const int count = hits.count(question.at, question.window);
  Tally answer = tally(hits, count, question);
  if (!answer.allowed) return answer;
  hits.add(question.at, question.window);
  answer.count = count + 1;
  answer.wait_ms = hits.frees(question.window) - question.at;
  return answer;
}

Tally LocalCounts::peek(const Question& question) {
  const std::scoped_lock lock(mutex_);
  auto it = entries_.find(question.names.now);
  if (it == entries_.end() && question.names.before) it = entries_.find(*question.names.before);
  if (it == entries_.end()) return {question.limit > 0, 0, question.window};
  if (it->first == question.names.now) take_over(it->second, question);
  const int count = it->second.hits.count(question.at, question.window);
  return tally(it->second.hits, count, question);
}

void LocalCounts::forget(const Pseudonyms::Names& names) {
  const std::scoped_lock lock(mutex_);
  entries_.erase(names.now);
  if (names.before) entries_.erase(*names.before);
}

void LocalCounts::refuse(const Question& question, std::int64_t wait_ms) {
  const std::scoped_lock lock(mutex_);
  Entry& found = entry(question);
  found.refused_until = question.at + wait_ms;
  found.refused_limit = question.limit;
}

std::optional<Tally> LocalCounts::refused(const Question& question) {
  const std::scoped_lock lock(mutex_);
  const auto it = entries_.find(question.names.now);
  if (it == entries_.end() || it->second.refused_until <= question.at ||
      it->second.refused_limit != question.limit)
    return std::nullopt;
  return Tally{false, question.limit, it->second.refused_until - question.at};
}

}  // namespace diary::http
