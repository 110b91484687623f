// SPDX-License-Identifier: Apache-2.0
#include "http/connections.hpp"

#include <vector>

namespace diary::http {

template <auto links>
void Connections::Order<links>::add(Member& member) {
  (member.*links) = {last, nullptr};
  (last == nullptr ? first : (last->*links).after) = &member;
  last = &member;
}

template <auto links>
void Connections::Order<links>::remove(Member& member) {
  const Links own = member.*links;
  (own.before == nullptr ? first : (own.before->*links).after) = own.after;
  (own.after == nullptr ? last : (own.after->*links).before) = own.before;
}

Connections::Id Connections::admit(const std::string& address, std::function<void()> hang_up) {
  std::function<void()> goodbye;
  Id id = nobody;
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return nobody;
    const auto same = addresses_.try_emplace(address).first;
    const bool too_many_here =
        !address.empty() && bounds_.of_one_address > 0 && same->second.count >= bounds_.of_one_address;
    ++same->second.count;  // keeps the entry while others go
    if (too_many_here) {
      goodbye = send_away(same->second.waiting.first);
    } else if (count_ >= bounds_.all) {
      goodbye = send_away(waiting_.first);
    }
    if ((too_many_here || count_ >= bounds_.all) && !goodbye) {
      if (--same->second.count == 0) addresses_.erase(same);
      return nobody;
    }
    id = ++last_;
    Member& member = members_[id];
    member.address = &*same;
    member.hang_up = std::move(hang_up);
    ++count_;
    start_waiting(member);
  }
  if (goodbye) goodbye();
  return id;
}

std::function<void()> Connections::send_away(Member* member) {
  if (member == nullptr) return {};
  stop_waiting(*member);
  uncount(*member);
  return std::move(member->hang_up);
}

void Connections::start_waiting(Member& member) {
  member.waiting = true;
  waiting_.add(member);
  member.address->second.waiting.add(member);
}

void Connections::stop_waiting(Member& member) {
  if (!member.waiting) return;
  member.waiting = false;
  waiting_.remove(member);
  member.address->second.waiting.remove(member);
}

void Connections::uncount(Member& member) {
  member.told = true;
  --count_;
  if (--member.address->second.count == 0) addresses_.erase(addresses_.find(member.address->first));
}

bool Connections::waits(Id id) {
  const std::scoped_lock lock(mutex_);
  Member& member = members_.at(id);
  if (member.told || closed_) return false;
  if (!member.waiting) start_waiting(member);
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
    while (waiting_.first != nullptr) goodbyes.push_back(send_away(waiting_.first));
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
