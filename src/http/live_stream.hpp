// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a reply goes on with when it is a stream of events; and how many such streams there may be, in all and
// of one address. Thread-safe; knows nothing of sockets.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "snapshot/live.hpp"

namespace diary::http {

class LiveSeats : public std::enable_shared_from_this<LiveSeats> {
 public:
  struct Bounds {
    std::size_t all = 5000;
    std::size_t of_one_address = 64;  // 0: as many as all
  };
  explicit LiveSeats(const Bounds& bounds) : bounds_(bounds) {}

  class Seat {
   public:
    ~Seat() { seats_->leave(address_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    friend class LiveSeats;
    Seat(std::shared_ptr<LiveSeats> seats, std::string address)
        : seats_(std::move(seats)), address_(std::move(address)) {}
    std::shared_ptr<LiveSeats> seats_;
    std::string address_;
  };

  enum class Refusal { none, all, address };
  // Nothing, and why, when all are taken.
  [[nodiscard]] std::unique_ptr<Seat> take(const std::string& address, Refusal& refusal) {
    const std::scoped_lock lock(mutex_);
    refusal = Refusal::none;
    if (taken_ >= bounds_.all) refusal = Refusal::all;
    std::size_t& of_this = of_address_[address];
    if (bounds_.of_one_address > 0 && of_this >= bounds_.of_one_address) refusal = Refusal::address;
    if (refusal != Refusal::none) {
      if (of_this == 0) of_address_.erase(address);
      return nullptr;
    }
    ++taken_;
    ++of_this;
    return std::unique_ptr<Seat>(new Seat(shared_from_this(), address));
  }

 private:
  void leave(const std::string& address) {
    const std::scoped_lock lock(mutex_);
    --taken_;
    const auto found = of_address_.find(address);
    if (--found->second == 0) of_address_.erase(found);
  }

  const Bounds bounds_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> of_address_;
};

class LiveStream {
 public:
  LiveStream(std::unique_ptr<LiveSeats::Seat> seat, std::unique_ptr<snapshot::LiveReader> reader,
             std::chrono::milliseconds heartbeat)
      : seat_(std::move(seat)), reader_(std::move(reader)), heartbeat_(heartbeat) {}

  [[nodiscard]] snapshot::LiveReader& reader() { return *reader_; }
  // The longest silence.
  [[nodiscard]] std::chrono::milliseconds heartbeat() const { return heartbeat_; }

 private:
  std::unique_ptr<LiveSeats::Seat> seat_;
  std::unique_ptr<snapshot::LiveReader> reader_;
  std::chrono::milliseconds heartbeat_;
};

}  // namespace diary::http
