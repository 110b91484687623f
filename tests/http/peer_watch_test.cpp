// SPDX-License-Identifier: Apache-2.0
#include "http/peer_watch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>

namespace diary::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

class Watch : public testing::Test {
 protected:
  Watch() {
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(socket);
  }
  // All that is ready to be done.
  void turn() {
    io.restart();
    io.poll();
  }
  bool becomes(const std::atomic<bool>& gone) {
    for (int i = 0; i < 1000 && !gone; ++i) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds{10});
    }
    return gone;
  }
  asio::io_context io;
  tcp::socket peer{io};
  tcp::socket socket{io};
};

TEST_F(Watch, ThePeerIsThereUntilItGoes) {
  PeerWatch watch(socket);
  const auto gone = watch.begin();
  turn();
  EXPECT_FALSE(*gone);
  peer.close();
  EXPECT_TRUE(becomes(*gone));
}

TEST_F(Watch, SeesWhoWentBefore) {
  peer.close();
  socket.wait(tcp::socket::wait_read);
  PeerWatch watch(socket);
  EXPECT_TRUE(*watch.begin());
}

TEST_F(Watch, TheNextRequestIsLeftForWhoReadsIt) {
  asio::write(peer, asio::buffer("next", 4));
  socket.wait(tcp::socket::wait_read);
  PeerWatch watch(socket);
  const auto gone = watch.begin();
  turn();
  EXPECT_FALSE(*gone);
  watch.end();
  std::string read(4, ' ');
  asio::read(socket, asio::buffer(read));
  EXPECT_EQ(read, "next");
}

TEST_F(Watch, EndsWhileItWaits) {
  std::optional<PeerWatch> watch(std::in_place, socket);
  const auto gone = watch->begin();
  watch.reset();
  socket.close();
  turn();
  EXPECT_FALSE(*gone);
}

TEST_F(Watch, EndsInTheMomentInWhichThePeerGoes) {
  std::optional<PeerWatch> watch(std::in_place, socket);
  const auto gone = watch->begin();
  peer.close();
  socket.wait(tcp::socket::wait_read);
  watch.reset();
  socket.close();
  turn();
  EXPECT_FALSE(*gone) << "the socket is another's by now";
}

TEST_F(Watch, NobodyAskedNothingWaits) {
  {
    const PeerWatch watch(socket);
  }
  EXPECT_EQ(io.poll(), 0U);
}

}  // namespace
}  // namespace diary::http
