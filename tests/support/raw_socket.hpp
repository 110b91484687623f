// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes to and from a port of this machine, for what no client would send.

#include <chrono>
#include <string>
#include <string_view>

namespace diary::support {

class RawSocket {
 public:
  // `from`: the loopback address to call from, which the server counts by.
  // `receive_buffer`: how many bytes the kernel takes that nobody reads; 0: as it likes.
  explicit RawSocket(int port, const std::string& from = "127.0.0.1", int receive_buffer = 0);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  // False when the peer takes no more.
  bool send(std::string_view bytes);  // NOLINT(modernize-use-nodiscard): a refused rest is often the point
  // No more to send; answers can still come.
  void finish_sending();
  // Whether the peer hangs up within so long; what it says until then is read.
  [[nodiscard]] bool hangs_up(std::chrono::seconds patience = std::chrono::seconds{10});
  // What arrived up to and with `end`; less when the peer hung up or nothing came for `patience`.
  [[nodiscard]] std::string read_until(std::string_view end,
                                       std::chrono::seconds patience = std::chrono::seconds{10});
  // All that arrives until the peer hangs up.
  [[nodiscard]] std::string read_all(std::chrono::seconds patience = std::chrono::seconds{10});

 private:
  enum class Got { bytes, end, nothing };
  Got wait(std::chrono::seconds patience);
  bool receive(std::chrono::seconds patience) { return wait(patience) == Got::bytes; }

  int fd_ = -1;
  std::string received_;
  std::string all_sent_;      // the beginning of both, to be recorded
  std::string all_received_;  //
};

}  // namespace diary::support
