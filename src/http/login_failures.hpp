// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wrong passwords, counted for the account and for the address that they came from: ten of either within a
// quarter of an hour, and nobody is told any more whether one is right.

#include <array>

#include "http/site.hpp"

namespace diary::http {

class LoginFailures {
 public:
  LoginFailures(Site& site, const std::string& email, const std::string& address);

  // The limit that is reached, as Errc::rate_limited. To be asked before a password is judged, and once it
  // was found right: others may have failed meanwhile.
  asio::awaitable<std::optional<Error>> spent() const;
  // Counts one, and says the same.
  asio::awaitable<std::optional<Error>> add() const;
  // After the right password: the account starts anew, the address does not.
  void forget() const;

 private:
  Site& site_;
  std::array<std::string, 2> keys_;
};

}  // namespace diary::http
