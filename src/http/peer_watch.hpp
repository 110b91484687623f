// SPDX-License-Identifier: Apache-2.0
#pragma once

// Notices that a peer hangs up while it is being answered, when somebody asks: one more look of the kernel
// for such requests, none for all others. A peer that says it will send no more counts as gone. On the
// socket's executor alone.

#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>

namespace diary::http {

class PeerWatch {
 public:
  explicit PeerWatch(boost::asio::ip::tcp::socket& socket) : socket_(socket) {}
  ~PeerWatch() { end(); }
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;

  // True once the peer has gone; may be looked at from any thread. `on_gone` is called then, on the socket's
  // executor.
  [[nodiscard]] std::shared_ptr<const std::atomic<bool>> begin(std::function<void()> on_gone = {});
  // Before anything else is done with the socket.
  void end();

 private:
  struct State;
  boost::asio::ip::tcp::socket& socket_;
  boost::asio::cancellation_signal stop_;
  std::shared_ptr<State> state_;
};

}  // namespace diary::http
