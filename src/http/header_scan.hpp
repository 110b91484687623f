// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds the end of a request's header in bytes that come bit by bit, and refuses whatever two readers of HTTP
// could take for two different requests: bare line feeds, folded lines, two lengths, an unknown transfer
// coding. Stricter than RFC 9112 asks. What it lets through goes on to Beast's parser.

#include <cstddef>
#include <string_view>

#include "http/unreadable.hpp"

namespace diary::http {

namespace limits {
inline constexpr std::size_t max_header_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t max_request_line = std::size_t{8} * 1024;
inline constexpr std::size_t max_header_fields = 100;
}  // namespace limits

class HeaderScan {
 public:
  enum class State { more, complete, refused };

  // `received`: all that came since the request before; what was seen is not looked at again.
  State feed(std::string_view received);

  // Of a complete header: where it begins (behind empty lines) and how long it is, its empty line included.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t length() const { return line_ - begin_; }
  // Of a refused one.
  [[nodiscard]] const Unreadable& why() const { return why_; }

 private:
  State refuse(Unreadable why);
  State take_line(std::string_view line);
  State take_request_line(std::string_view line);
  State take_field(std::string_view line);
  State finish();

  std::size_t begin_ = 0;
  std::size_t line_ = 0;  // where the line that is being received begins
  std::size_t seen_ = 0;
  std::size_t fields_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
  bool has_request_line_ = false;
  bool is_old_ = false;  // HTTP/1.0
  Unreadable why_{400, "malformed", "", {}};
};

}  // namespace diary::http
