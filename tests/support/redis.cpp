// SPDX-License-Identifier: Apache-2.0
#include "support/redis.hpp"

#include <stdexcept>

#include "support/eventually.hpp"

namespace diary::support {

Redis::Redis(std::string password)
    : password_(std::move(password)), login_(password_.empty() ? "" : ":" + password_ + "@") {
  start();
}

void Redis::start() {
  std::vector<std::string> argv{
      "redis-server", "--port",       "0",         "--unixsocket",        socket(), "--save", "",
      "--dir",        folder_.path(), "--logfile", folder_.path() / "log"};
  if (!password_.empty()) argv.insert(argv.end(), {"--requirepass", password_});
  program_ = std::make_unique<Program>(argv);
  if (!eventually([this] { return said({"PING"}) == "PONG\n" || !program_->running(); }) ||
      !program_->running())
    throw std::runtime_error("redis-server did not come up");
}

void Redis::kill_hard() {
  if (program_ && program_->running()) program_->kill_hard();
}

void Redis::freeze() {
  kill(program_->pid(), SIGSTOP);
}

void Redis::thaw() {
  kill(program_->pid(), SIGCONT);
}

std::string Redis::said(const std::vector<std::string>& command) const {
  std::vector<std::string> argv{"redis-cli", "-s", socket()};
  if (!password_.empty()) argv.insert(argv.end(), {"--no-auth-warning", "-a", password_});
  argv.insert(argv.end(), command.begin(), command.end());
  return Program(argv).rest();
}

}  // namespace diary::support
