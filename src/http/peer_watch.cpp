// SPDX-License-Identifier: Apache-2.0
#include "http/peer_watch.hpp"

#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <cerrno>

namespace diary::http {

// Outlives the socket when the wait is over in the moment in which it is ended.
struct PeerWatch::State {
  std::atomic<bool> gone = false;
  bool ended = false;
};

namespace {

bool has_hung_up(int socket) {
  char byte = 0;
  const auto n = recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // More bytes are the next request: its sender is there.
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

}  // namespace

std::shared_ptr<const std::atomic<bool>> PeerWatch::begin(std::function<void()> on_gone) {
  if (state_) return {state_, &state_->gone};
  state_ = std::make_shared<State>();
  state_->gone = has_hung_up(socket_.native_handle());
  auto look = [state = state_, &socket = socket_,
               on_gone = std::move(on_gone)](const boost::system::error_code& ec) {
    if (ec || state->ended || !has_hung_up(socket.native_handle())) return;
    state->gone = true;
    if (on_gone) on_gone();
  };
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                     boost::asio::bind_cancellation_slot(stop_.slot(), std::move(look)));
  return {state_, &state_->gone};
}

void PeerWatch::end() {
  if (!state_ || state_->ended) return;
  state_->ended = true;
  stop_.emit(boost::asio::cancellation_type::all);
}

}  // namespace diary::http
