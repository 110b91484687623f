// SPDX-License-Identifier: Apache-2.0
#include "support/raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace diary::support {

RawSocket::RawSocket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "connect");
}

RawSocket::~RawSocket() {
  close(fd_);
}

bool RawSocket::send(std::string_view bytes) {
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

bool RawSocket::receive(std::chrono::seconds patience) {
  pollfd wait{fd_, POLLIN, 0};
  if (poll(&wait, 1, static_cast<int>(patience.count() * 1000)) != 1) return false;
  std::array<char, 65536> piece{};
  const ssize_t n = recv(fd_, piece.data(), piece.size(), 0);
  if (n <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(n));
  return true;
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
