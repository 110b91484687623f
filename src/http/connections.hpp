// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is connected: how many in all and of one address, and who waits for a request, longest first. Where
// there is no room, whoever has waited longest goes; those whose request is being answered stay. Thread-safe;
// knows nothing of sockets.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace diary::http {

class Connections {
 public:
  struct Bounds {
    std::size_t all = 10'000;
    std::size_t of_one_address = 512;  // 0: as many as all
  };
  using Id = std::uint64_t;
  static constexpr Id nobody = 0;

  explicit Connections(Bounds bounds) : bounds_(bounds) {}

  // A new one, which counts as waiting; an empty address is no one's, and bound by the sum alone; nobody when
  // there is no room, or nobody more is let in. `hang_up` is called at most once, on any thread, when it has
  // to go.
  [[nodiscard]] Id admit(const std::string& address, std::function<void()> hang_up);
  // Waits for a request from now on; false when it is to go instead. To call it again changes nothing.
  [[nodiscard]] bool waits(Id id);
  // A request is being answered; false when it was told to go meanwhile.
  [[nodiscard]] bool answers(Id id);
  void leaves(Id id);

  // Lets nobody in any more, and sends away all that wait.
  void close();
  [[nodiscard]] bool closed();
  // False when some are still there after `patience`.
  bool wait_until_empty(std::chrono::seconds patience);
  [[nodiscard]] std::size_t size();

 private:
  struct Member;
  // Who waits, longest first.
  template <auto links>
  struct Order {
    Member* first = nullptr;
    Member* last = nullptr;
    void add(Member& member);
    void remove(Member& member);
  };
  struct Links {
    Member* before = nullptr;
    Member* after = nullptr;
  };
  struct Address;
  using Addresses = std::unordered_map<std::string, Address>;
  struct Member {
    Addresses::value_type* address = nullptr;  // as long as it counts
    std::function<void()> hang_up;
    Links among_all;
    Links of_address;
    bool waiting = false;
    bool told = false;  // to go; counts no more
  };
  struct Address {
    std::size_t count = 0;
    Order<&Member::of_address> waiting;
  };

  void start_waiting(Member& member);
  void stop_waiting(Member& member);
  void uncount(Member& member);
  [[nodiscard]] std::function<void()> send_away(Member* member);

  Bounds bounds_;
  std::mutex mutex_;
  std::condition_variable gone_;
  std::unordered_map<Id, Member> members_;
  Addresses addresses_;
  Order<&Member::among_all> waiting_;
  std::size_t count_ = 0;  // without those told to go
  Id last_ = nobody;
  bool closed_ = false;
};

}  // namespace diary::http
