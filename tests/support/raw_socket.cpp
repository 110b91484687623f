// SPDX-License-Identifier: Apache-2.0
#include "support/raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "support/recorder.hpp"

namespace diary::support {
namespace {

constexpr std::size_t max_kept = 1UL << 20;

}  // namespace

RawSocket::RawSocket(int port, const std::string& from, int receive_buffer)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  sockaddr_in address = own;
  const bool bound = inet_pton(AF_INET, from.c_str(), &own.sin_addr) == 1 &&
                     bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!bound || connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "connect");
}

RawSocket::~RawSocket() {
  record_raw(all_sent_, all_received_);
  close(fd_);
}

bool RawSocket::send(std::string_view bytes) {
  all_sent_ += bytes.substr(0, max_kept - std::min(max_kept, all_sent_.size()));
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawSocket::finish_sending() {
  shutdown(fd_, SHUT_WR);
}

RawSocket::Got RawSocket::wait(std::chrono::seconds patience) {
  pollfd wait{fd_, POLLIN, 0};
  if (poll(&wait, 1, static_cast<int>(patience.count() * 1000)) != 1) return Got::nothing;
  std::array<char, 65536> piece{};
  const ssize_t n = recv(fd_, piece.data(), piece.size(), 0);
  if (n <= 0) return Got::end;
  const std::string_view came(piece.data(), static_cast<std::size_t>(n));
  received_ += came;
  all_received_ += came.substr(0, max_kept - std::min(max_kept, all_received_.size()));
  return Got::bytes;
}

bool RawSocket::hangs_up(std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(until - std::chrono::steady_clock::now());
    const Got got = left.count() > 0 ? wait(left) : Got::nothing;
    if (got != Got::bytes) return got == Got::end;
  }
}

std::string RawSocket::read_until(std::string_view end, std::chrono::seconds patience) {
  std::size_t at = received_.find(end);
  while (at == std::string::npos && receive(patience)) at = received_.find(end);
  const std::size_t length = at == std::string::npos ? received_.size() : at + end.size();
  std::string text = received_.substr(0, length);
  received_.erase(0, length);
  return text;
}

std::string RawSocket::read_all(std::chrono::seconds patience) {
  while (receive(patience)) {
  }
  return std::exchange(received_, {});
}

}  // namespace diary::support
