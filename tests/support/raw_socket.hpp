// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes to and from a port of this machine, for what no client would send.

#include <chrono>
#include <string>
#include <string_view>

namespace diary::support {

class RawSocket {
 public:
  explicit RawSocket(int port);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  // False when the peer takes no more.
  bool send(std::string_view bytes);  // NOLINT(modernize-use-nodiscard): a refused rest is often the point
  // No more to send; answers can still come.
  void finish_sending();
  // What arrived up to and with `end`; less when the peer hung up or nothing came for `patience`.
  [[nodiscard]] std::string read_until(std::string_view end,
                                       std::chrono::seconds patience = std::chrono::seconds{10});
  // All that arrives until the peer hangs up.
  [[nodiscard]] std::string read_all(std::chrono::seconds patience = std::chrono::seconds{10});

 private:
  bool receive(std::chrono::seconds patience);

  int fd_ = -1;
  std::string received_;
};

}  // namespace diary::support
