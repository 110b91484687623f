// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counting in a Redis that servers share: one atomic script for each hit, pipelined on one connection by a
// thread of its own, so that nobody else ever waits for a socket. A Redis that is gone, hangs longer than the
// patience, refuses or answers nonsense is left alone and tried again twice a second; whoever asked gets no
// answer and counts alone. Each outage is one line in the log, and its end another. Redis sees keyed hashes
// and counts, nothing else.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/redis_url.hpp"
#include "http/local_counts.hpp"
#include "http/workers.hpp"

struct redisContext;
struct redisReply;

namespace diary::http {

class RedisLink {
 public:
  struct Question {
    Pseudonyms::Names names;
    int limit = 0;
    std::chrono::milliseconds window{};
    bool counts = true;  // or only looks
  };

  RedisLink(RedisUrl url, std::chrono::milliseconds patience);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // Whether asking makes sense now.
  [[nodiscard]] bool up() const { return up_; }
  // Nothing when Redis gave no (sensible) answer within the patience.
  asio::awaitable<std::optional<Tally>> ask(Question question);
  void forget(const Pseudonyms::Names& names);

 private:
  using Done = std::function<void(std::optional<Tally>)>;
  struct Command {
    std::vector<std::string> words;
    Done done;  // empty: nobody waits for the answer
    std::chrono::steady_clock::time_point sent{};
  };
  struct Close {
    void operator()(redisContext* context) const;
  };
  struct FreeReply {
    void operator()(redisReply* reply) const;
  };
  using Context = std::unique_ptr<redisContext, Close>;

  using Reply = std::unique_ptr<redisReply, FreeReply>;
  using Until = std::chrono::steady_clock::time_point;

  void submit(Command command);
  void run();
  void pause();
  [[nodiscard]] bool stopping();
  // These answer with what is wrong; empty: nothing.
  [[nodiscard]] std::string open();
  [[nodiscard]] std::string greet();  // logs in, loads the script, tries it out
  [[nodiscard]] std::string exchange(const std::vector<std::string>& words, Until until, Reply& reply);
  [[nodiscard]] std::string serve();     // until something breaks
  [[nodiscard]] std::string transfer();  // what can be written and read now
  [[nodiscard]] std::string settle(const redisReply& reply);
  void take_incoming();
  [[nodiscard]] bool wait_for_socket(Until until);
  bool give_up();  // nobody who waits gets an answer; false when nobody does

  RedisUrl url_;
  std::chrono::milliseconds patience_;
  std::atomic<bool> up_ = false;
  std::mutex mutex_;
  std::deque<Command> incoming_;
  bool stopping_ = false;
  int wake_;  // an eventfd: something came in
  // Of the thread alone:
  Context context_;
  std::deque<Command> outstanding_;
  bool unwritten_ = false;   // something is to be sent
  std::string first_;        // what was wrong with the first attempt
  std::string script_name_;  // its SHA-1, which is the same in every Redis
  std::thread thread_;
};

}  // namespace diary::http
