// SPDX-License-Identifier: Apache-2.0
#include "support/served.hpp"

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace diary::support {
namespace {

constexpr std::string_view ready = "listening on http";

// What a sanitizer says on the server's side is this program's failure too, even after its last test.
void fail_on_a_report(const std::string& log) {
  if (log.find("Sanitizer") == std::string::npos && log.find("runtime error:") == std::string::npos) return;
  std::fprintf(stderr, "%s\ndiary serve broke a sanitizer's rule\n", log.c_str());
  std::_Exit(1);
}

}  // namespace

Served::Served(const std::string& binary, const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment) {
  std::map<std::string, std::string> all = environment;
  all.insert({{"DIARY_JWT_SECRET", test_jwt_secret},
              {"DIARY_BCRYPT_COST", "4"},
              {"DATABASE_POOL_SIZE", "4"},
              {"RATE_LIMIT_MAX_ANONYMOUS", "1000000"},
              {"RATE_LIMIT_MAX_AUTHENTICATED", "1000000"},
              {"RATE_LIMIT_MAX_ROUTING", "1000000"},
              {"RATE_LIMIT_MAX_ROUTING_ANONYMOUS", "1000000"}});
  std::vector<std::string> argv{"/usr/bin/env"};
  for (const auto& [name, value] : all) argv.push_back(name + "=" + value);
  argv.insert(argv.end(), {binary, "serve", "--listen", "127.0.0.1:0"});
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  program_ = std::make_unique<Program>(argv);
  for (std::string line = program_->line(); port_ == 0; line = program_->line()) {
    if (line.starts_with(ready)) {
      port_ = std::stoi(line.substr(line.rfind(':') + 1));
      break;
    }
    if (line.empty()) throw std::runtime_error("diary serve did not come up:\n" + log_);
    log_ += line + '\n';
  }
  reader_ = std::thread([this] {
    for (std::string line = program_->line(); !line.empty(); line = program_->line()) {
      const std::scoped_lock lock(mutex_);
      log_ += line + '\n';
    }
    const std::string rest = program_->rest();  // an empty line is not always the end
    const std::scoped_lock lock(mutex_);
    log_ += '\n' + rest;
  });
}

Served::~Served() {
  if (running()) kill_hard();
  if (reader_.joinable()) reader_.join();
  fail_on_a_report(log_);
}

int Served::stop() {
  kill(program_->pid(), SIGTERM);
  const int code = program_->wait();
  reader_.join();
  return code;
}

void Served::kill_hard() {
  program_->kill_hard();
  reader_.join();
}

std::string Served::log() {
  const std::scoped_lock lock(mutex_);
  return log_;
}

}  // namespace diary::support
