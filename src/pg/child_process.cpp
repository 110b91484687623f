// SPDX-License-Identifier: Apache-2.0
#include "pg/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves declaring it to us

namespace diary::pg {
namespace {

[[noreturn]] void give_up(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// Everything the child needs, made before fork(): after it, only async-signal-safe calls are allowed.
struct Prepared {
  std::vector<std::string> variables;
  std::vector<char*> argv;
  std::vector<char*> envp;
  int output = -1;
  bool drop = false;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  // execve() promises to leave the texts alone, but its signature is older than const.
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));  // NOLINT
  list.push_back(nullptr);
  return list;
}

// PGPORT, PGOPTIONS and their like are meant for clients in the foreground; a server would heed some of them.
std::vector<std::string> variables_of(const Command& command) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (command.output.empty() || !std::string_view(*variable).starts_with("PG"))
      variables.emplace_back(*variable);
  }
  for (const auto& [name, value] : command.environment) {
    const std::string prefix = name + "=";
    std::erase_if(variables, [&](const std::string& variable) { return variable.starts_with(prefix); });
    variables.push_back(prefix + value);
  }
  return variables;
}

int open_output(const Command& command) {
  const int fd = open(command.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) give_up(command.output.c_str());
  if (is_root() && command.as && fchown(fd, command.as->uid, command.as->gid) != 0) give_up("fchown");
  return fd;
}

bool drop_to(const Account& account) {
  return setgroups(account.groups.size(), account.groups.data()) == 0 && setgid(account.gid) == 0 &&
         setuid(account.uid) == 0;
}

void forget_signals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Away from our terminal: ^C there reaches us, and we decide what becomes of the child.
bool detach(int output) {
  const int null = open("/dev/null", O_RDONLY);
  umask(077);
  return setsid() >= 0 && null >= 0 && dup2(null, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
         chdir("/") == 0;
}

[[noreturn]] void become(const Command& command, const Prepared& prepared, pid_t parent) {
  forget_signals();
  if (prepared.output >= 0 && !detach(prepared.output)) _exit(126);
  if (prepared.drop && !drop_to(*command.as)) _exit(126);
  // After the drop, which clears it. If the parent died before this line, nobody would ever signal us.
  prctl(PR_SET_PDEATHSIG, command.signal_when_orphaned);
  if (getppid() != parent) _exit(126);
  close_range(3, ~0U, 0);
  execve(prepared.argv.front(), prepared.argv.data(), prepared.envp.data());
  _exit(127);
}

int decoded(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

pid_t spawn(const Command& command) {
  Prepared prepared;
  prepared.variables = variables_of(command);
  prepared.argv = pointers(command.argv);
  prepared.envp = pointers(prepared.variables);
  prepared.drop = is_root() && command.as && command.as->uid != 0;
  if (!command.output.empty()) prepared.output = open_output(command);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become(command, prepared, parent);
  if (prepared.output >= 0) close(prepared.output);
  if (child < 0) give_up("fork");
  return child;
}

std::optional<int> exit_code(pid_t child) {
  int status = 0;
  pid_t answer = 0;
  do answer = waitpid(child, &status, WNOHANG);
  while (answer < 0 && errno == EINTR);
  if (answer == 0) return std::nullopt;
  return answer < 0 ? 127 : decoded(status);
}

std::optional<int> wait_for(pid_t child, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (const auto code = exit_code(child)) return code;
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return decoded(status);
}

int run_as(const Account& account, const std::function<int()>& action) {
  const pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    if (is_root() && account.uid != 0 && !drop_to(account)) _exit(126);
    _exit(action());
  }
  return wait_for(child);
}

}  // namespace diary::pg
