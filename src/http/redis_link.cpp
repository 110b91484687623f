// SPDX-License-Identifier: Apache-2.0
#include "http/redis_link.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <openssl/evp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <span>
#include <system_error>

#include "http/redis_script.hpp"

namespace diary::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds greeting_patience{1000};  // nobody waits for it but the thread
constexpr milliseconds retry_after{500};
constexpr auto lasting = std::chrono::seconds{1};  // a connection that is worth an immediate new one
constexpr std::size_t max_waiting = 10'000;

std::string hex(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string key_of(const Pseudonyms::Name& name) {
  return "diary:limit:" + hex(name);
}

std::string text_of(const redisReply& reply) {
  return {reply.str, std::min<std::size_t>(static_cast<std::size_t>(reply.len), 200)};
}

std::optional<Tally> read_tally(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 3) return std::nullopt;
  std::array<long long, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (reply.element[i]->type != REDIS_REPLY_INTEGER) return std::nullopt;
    numbers[i] = reply.element[i]->integer;
  }
  const auto [allowed, count, wait] = numbers;
  if (count < 0 || count > INT_MAX || wait < 0 || allowed < 0 || allowed > 1) return std::nullopt;
  return Tally{allowed == 1, static_cast<int>(count), wait};
}

std::vector<std::string> script_call(const std::string& script_name, const RedisLink::Question& question) {
  std::vector<std::string> words{"EVALSHA", script_name, question.names.before ? "2" : "1",
                                 key_of(question.names.now)};
  if (question.names.before) words.push_back(key_of(*question.names.before));
  words.insert(words.end(), {std::to_string(question.limit), std::to_string(question.window.count()),
                             question.counts ? "1" : "0"});
  return words;
}

void append(redisContext* context, const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(words.size()), texts.data(), sizes.data());
}

std::string broken(const redisContext* context) {
  return context->errstr[0] == '\0' ? "the connection broke" : context->errstr;
}

// By which Redis knows a script.
std::string sha1(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return hex({digest.data(), size});
}

int poll_time(steady_clock::time_point until) {
  const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 60'000));
}

}  // namespace

void RedisLink::Close::operator()(redisContext* context) const {
  redisFree(context);
}

void RedisLink::FreeReply::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

RedisLink::RedisLink(RedisUrl url, milliseconds patience)
    : url_(std::move(url)), patience_(patience), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  script_name_ = sha1(redis_script);
  first_ = open();  // before anything is served, so that the first hit is shared
  up_ = first_.empty();
  thread_ = std::thread([this] { run(); });
}

RedisLink::~RedisLink() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void RedisLink::submit(Command command) {
  {
    const std::scoped_lock lock(mutex_);
    if (up_ && incoming_.size() < max_waiting) {
      command.sent = steady_clock::now();
      if (incoming_.empty()) eventfd_write(wake_, 1);
      incoming_.push_back(std::move(command));
      return;
    }
  }
  if (command.done) command.done(std::nullopt);
}

asio::awaitable<std::optional<Tally>> RedisLink::ask(Question question) {
  auto start = [this, &question](const auto& done) {
    submit({script_call(script_name_, question), done, {}});
  };
  co_return co_await await_callback<std::optional<Tally>>(std::move(start));
}

void RedisLink::forget(const Pseudonyms::Names& names) {
  Command command{{"DEL", key_of(names.now)}, {}, {}};
  if (names.before) command.words.push_back(key_of(*names.before));
  submit(std::move(command));
}

void RedisLink::run() {
  std::string wrong = first_;
  bool told = false;
  while (!stopping()) {
    if (wrong.empty()) {
      if (told) spdlog::info("Redis answers again: limits are shared between the servers");
      told = false;
      up_ = true;
      const auto since = steady_clock::now();
      wrong = serve();
      const bool was_idle = !give_up();
      // Nobody noticed: an idle connection that was closed is simply made again.
      if (was_idle && steady_clock::now() - since > lasting && !stopping()) wrong = open();
      continue;
    }
    if (!told) spdlog::warn("Redis is not to be had ({}): this server counts its limits alone", wrong);
    told = true;
    pause();
    wrong = open();
  }
}

bool RedisLink::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

// Sleeps until it is time to try again, or to stop.
void RedisLink::pause() {
  const auto until = steady_clock::now() + retry_after;
  while (steady_clock::now() < until) {
    pollfd wait{wake_, POLLIN, 0};
    if (poll(&wait, 1, poll_time(until)) <= 0) continue;
    eventfd_t count = 0;
    eventfd_read(wake_, &count);
    if (stopping()) return;
  }
}

std::string RedisLink::open() {
  unwritten_ = false;
  context_.reset(url_.socket.empty() ? redisConnectNonBlock(url_.host.c_str(), url_.port)
                                     : redisConnectUnixNonBlock(url_.socket.c_str()));
  if (!context_) return "out of memory";
  std::string wrong = context_->err == 0 ? greet() : broken(context_.get());
  if (!wrong.empty()) context_.reset();
  return wrong;
}

std::string RedisLink::greet() {
  const auto until = steady_clock::now() + greeting_patience;
  std::vector<std::vector<std::string>> words;
  if (!url_.password.empty()) {
    words.push_back({"AUTH"});
    if (!url_.user.empty()) words.back().push_back(url_.user);
    words.back().push_back(url_.password);
  }
  if (url_.database != 0) words.push_back({"SELECT", std::to_string(url_.database)});
  words.push_back({"SCRIPT", "LOAD", redis_script});
  Reply reply;
  for (const auto& command : words) {
    if (auto wrong = exchange(command, until, reply); !wrong.empty()) return wrong;
  }
  if (reply->type != REDIS_REPLY_STRING || text_of(*reply) != script_name_)
    return "an answer that makes no sense";
  // A Redis that is full, or a replica, would load the script and refuse to count.
  const Question trial{{{}, {}}, INT_MAX, milliseconds{1}, true};
  if (auto wrong = exchange(script_call(script_name_, trial), until, reply); !wrong.empty()) return wrong;
  return read_tally(*reply) ? "" : "an answer that makes no sense";
}

// One command and its reply, while nobody else uses the connection.
std::string RedisLink::exchange(const std::vector<std::string>& words, steady_clock::time_point until,
                                Reply& reply) {
  append(context_.get(), words);
  unwritten_ = true;
  while (true) {
    if (!wait_for_socket(until)) return "no answer in time";
    if (std::string wrong = transfer(); !wrong.empty()) return wrong;
    void* found = nullptr;
    if (redisGetReplyFromReader(context_.get(), &found) != REDIS_OK) return broken(context_.get());
    if (found == nullptr) continue;
    reply.reset(static_cast<redisReply*>(found));
    return reply->type == REDIS_REPLY_ERROR ? text_of(*reply) : "";
  }
}

// False when the time is over. True does not promise that there is something to do.
bool RedisLink::wait_for_socket(steady_clock::time_point until) {
  const auto events = static_cast<short>(POLLIN | (unwritten_ ? POLLOUT : 0));
  std::array<pollfd, 2> wait{{{context_->fd, events, 0}, {wake_, POLLIN, 0}}};
  const int ready = poll(wait.data(), up_ ? 2 : 1, poll_time(until));
  if (up_ && (wait[1].revents & POLLIN) != 0) {
    eventfd_t count = 0;
    eventfd_read(wake_, &count);
  }
  return ready > 0 || steady_clock::now() < until;
}

std::string RedisLink::transfer() {
  if (unwritten_) {
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0)
      return std::generic_category().message(error);  // of connecting
    int done = 0;
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) return broken(context_.get());
    unwritten_ = done == 0;
  }
  return redisBufferRead(context_.get()) == REDIS_OK ? "" : broken(context_.get());
}

void RedisLink::take_incoming() {
  std::deque<Command> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken.swap(incoming_);
  }
  for (Command& command : taken) {
    append(context_.get(), command.words);
    unwritten_ = true;
    outstanding_.push_back(std::move(command));
  }
}

std::string RedisLink::serve() {
  while (true) {
    if (stopping()) return "stopping";
    take_incoming();
    const bool asked = !outstanding_.empty();
    const auto until = asked ? outstanding_.front().sent + patience_ : steady_clock::now() + lasting;
    if (!wait_for_socket(until) && asked) return fmt::format("no answer within {} ms", patience_.count());
    if (std::string wrong = transfer(); !wrong.empty()) return wrong;
    for (void* found = nullptr;; found = nullptr) {
      if (redisGetReplyFromReader(context_.get(), &found) != REDIS_OK) return broken(context_.get());
      if (found == nullptr) break;
      const Reply reply(static_cast<redisReply*>(found));
      if (std::string wrong = settle(*reply); !wrong.empty()) return wrong;
    }
  }
}

// Gives a reply to who asked first. What is wrong with it, if anything.
std::string RedisLink::settle(const redisReply& reply) {
  if (outstanding_.empty()) return "an answer that nobody asked for";
  const Command command = std::move(outstanding_.front());
  outstanding_.pop_front();
  if (!command.done) return {};
  const auto tally = read_tally(reply);
  command.done(tally);
  if (tally) return {};
  if (reply.type != REDIS_REPLY_ERROR) return "an answer that makes no sense";
  const std::string text = text_of(reply);
  if (!text.starts_with("NOSCRIPT")) return text;
  append(context_.get(), {"SCRIPT", "LOAD", redis_script});  // somebody flushed the scripts
  unwritten_ = true;
  outstanding_.push_back({{}, {}, steady_clock::now()});
  return {};
}

bool RedisLink::give_up() {
  std::deque<Command> waiting = std::move(outstanding_);
  outstanding_.clear();
  {
    const std::scoped_lock lock(mutex_);
    up_ = false;
    for (Command& command : incoming_) waiting.push_back(std::move(command));
    incoming_.clear();
  }
  context_.reset();
  for (const Command& command : waiting) {
    if (command.done) command.done(std::nullopt);
  }
  return !waiting.empty();
}

}  // namespace diary::http
