// SPDX-License-Identifier: Apache-2.0
#include "support/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves declaring it to us

namespace diary::support {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  return ends;
}

int decoded(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Program::Program(const std::vector<std::string>& argv) {
  const auto in = make_pipe();
  const auto out = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, out[1], 2);
  std::vector<char*> pointers;
  pointers.reserve(argv.size() + 1);
  for (const std::string& text : argv)
    pointers.push_back(const_cast<char*>(text.c_str()));  // NOLINT: as execve()
  pointers.push_back(nullptr);
  const int error = posix_spawnp(&pid_, pointers.front(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (error != 0) throw std::system_error(error, std::generic_category(), argv.front());
}

Program::~Program() {
  if (running()) kill_hard();
  close_input();
  close(output_);
}

std::string Program::line() {
  std::string text;
  for (char c = 0; read(output_, &c, 1) == 1 && c != '\n';) text += c;
  return text;
}

std::string Program::rest() {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t n = 0; (n = read(output_, piece.data(), piece.size())) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(n));
  return text;
}

void Program::close_input() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

bool Program::running() {
  int status = 0;
  if (code_ < 0 && waitpid(pid_, &status, WNOHANG) == pid_) code_ = decoded(status);
  return code_ < 0;
}

int Program::wait() {
  int status = 0;
  if (code_ < 0 && waitpid(pid_, &status, 0) == pid_) code_ = decoded(status);
  return code_;
}

void Program::kill_hard() {
  kill(pid_, SIGKILL);
  wait();
}

}  // namespace diary::support
