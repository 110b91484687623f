// SPDX-License-Identifier: Apache-2.0
#include "http/connections.hpp"

#include <vector>

namespace diary::http {

Connections::Id Connections::admit(const std::string& address, std::function<void()> hang_up) {
  std::function<void()> goodbye;
  Id id = nobody;
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return nobody;
    Address& same = addresses_[address];
    const bool too_many_here =
        !address.empty() && bounds_.of_one_address > 0 && same.count >= bounds_.of_one_address;
    if (too_many_here) {
      goodbye = send_away(same.waiting);
    } else if (count_ >= bounds_.all) {
      goodbye = send_away(waiting_);
    }
    if ((too_many_here || count_ >= bounds_.all) && !goodbye) {
      if (same.count == 0) addresses_.erase(address);
      return nobody;
    }
    id = ++last_;
    Member& member = members_[id];
    member = {address, std::move(hang_up), ++clock_, false};
    Address& mine = addresses_[address];  // the one who went may have been the last of the same
    ++mine.count;
    ++count_;
    mine.waiting[member.since] = id;
    waiting_[member.since] = id;
  }
  if (goodbye) goodbye();
  return id;
}

std::function<void()> Connections::send_away(const Order& order) {
  if (order.empty()) return {};
  Member& member = members_.at(order.begin()->second);
  stop_waiting(member);
  uncount(member);
  return std::move(member.hang_up);
}

void Connections::stop_waiting(Member& member) {
  if (member.since == 0) return;
  waiting_.erase(member.since);
  addresses_.at(member.address).waiting.erase(member.since);
  member.since = 0;
}

void Connections::uncount(Member& member) {
  member.told = true;
  --count_;
  const auto same = addresses_.find(member.address);
  if (--same->second.count == 0) addresses_.erase(same);
}

bool Connections::waits(Id id) {
  const std::scoped_lock lock(mutex_);
  Member& member = members_.at(id);
  if (member.told || closed_) return false;
  if (member.since != 0) return true;
  member.since = ++clock_;
  waiting_[member.since] = id;
  addresses_.at(member.address).waiting[member.since] = id;
  return true;
}

bool Connections::answers(Id id) {
  const std::scoped_lock lock(mutex_);
  Member& member = members_.at(id);
  if (member.told) return false;
  stop_waiting(member);
  return true;
}

void Connections::leaves(Id id) {
  const std::scoped_lock lock(mutex_);
  Member& member = members_.at(id);
  stop_waiting(member);
  if (!member.told) uncount(member);
  members_.erase(id);
  if (members_.empty()) gone_.notify_all();
}

void Connections::close() {
  std::vector<std::function<void()>> goodbyes;
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    while (!waiting_.empty()) goodbyes.push_back(send_away(waiting_));
  }
  for (const auto& goodbye : goodbyes) goodbye();
}

bool Connections::closed() {
  const std::scoped_lock lock(mutex_);
  return closed_;
}

bool Connections::wait_until_empty(std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return gone_.wait_for(lock, patience, [this] { return members_.empty(); });
}

std::size_t Connections::size() {
  const std::scoped_lock lock(mutex_);
  return count_;
}

}  // namespace diary::http
