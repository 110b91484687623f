// SPDX-License-Identifier: Apache-2.0
#include "http/header_scan.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "http/characters.hpp"

namespace diary::http {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A name or address and perhaps a port. An empty one is right for those who have no authority to name.
bool is_host(std::string_view value) {
  constexpr std::string_view marks = "-._~%!$&'()*+;=:[]";
  return std::ranges::all_of(value, [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// 19 digits fit into 64 bits.
bool is_length(std::string_view value) {
  return !value.empty() && value.size() <= 19 && std::ranges::all_of(value, is_digit);
}

}  // namespace

HeaderScan::State HeaderScan::refuse(Unreadable why) {
  why_ = std::move(why);
  return State::refused;
}

HeaderScan::State HeaderScan::feed(std::string_view received) {
  for (; seen_ < received.size(); ++seen_) {
    if (seen_ - begin_ >= limits::max_header_bytes)
      return refuse({431, "header_too_large", "The header is too large", "the header is limited to 16 KiB"});
    if (!has_request_line_ && seen_ - begin_ >= limits::max_request_line)
      return refuse({414, "uri_too_long", "The target is too long", "the request line is limited to 8 KiB"});
    const char c = received[seen_];
    const bool at_start = seen_ == line_;
    if (at_start && !has_request_line_ && !is_token_char(c) && c != '\r') return refuse(no_http("no method"));
    const bool after_cr = !at_start && received[seen_ - 1] == '\r';
    if (c == '\n' && !after_cr) return refuse(no_http("a line ends without a carriage return"));
    if (c != '\n' && after_cr) return refuse(no_http("a carriage return inside a line"));
    if (c != '\n') continue;
    const State state = take_line(received.substr(line_, seen_ - 1 - line_));
    line_ = seen_ + 1;
    if (state != State::more) {
      ++seen_;
      return state;
    }
  }
  return State::more;
}

HeaderScan::State HeaderScan::take_line(std::string_view line) {
  if (std::ranges::any_of(line, is_control)) return refuse(no_http("a control character"));
  if (!has_request_line_ && line.empty()) {  // some send an empty line behind a body
    if (begin_ > 0) return refuse(no_http("empty lines"));
    begin_ = line_ + 2;
    return State::more;
  }
  if (!has_request_line_) return take_request_line(line);
  return line.empty() ? finish() : take_field(line);
}

HeaderScan::State HeaderScan::take_request_line(std::string_view line) {
  has_request_line_ = true;
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first || first == 0 ||
      !std::ranges::all_of(line.substr(0, first), is_token_char))
    return refuse(no_http("the request line is no METHOD TARGET VERSION"));
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.find_first_of(" \t") != std::string_view::npos)
    return refuse(no_http("the request line is no METHOD TARGET VERSION"));
  const std::string_view version = line.substr(last + 1);
  is_old_ = version == "HTTP/1.0";
  if (!is_old_ && version != "HTTP/1.1") return refuse(no_http("another version"));
  return State::more;
}

HeaderScan::State HeaderScan::take_field(std::string_view line) {
  using boost::beast::iequals;
  if (++fields_ > limits::max_header_fields)
    return refuse(
        {431, "header_too_large", "The header is too large", "the header is limited to 100 fields"});
  if (line.front() == ' ' || line.front() == '\t') return refuse(no_http("a folded header line"));
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos ||
      !std::ranges::all_of(line.substr(0, colon), is_token_char))
    return refuse(no_http("a header line without a name"));
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (iequals(name, "host")) {
    if (++hosts_ > 1 || !is_host(value)) return refuse(no_http("not one Host"));
  } else if (iequals(name, "content-length")) {
    if (++lengths_ > 1 || !is_length(value)) return refuse(no_http("not one Content-Length"));
  } else if (iequals(name, "transfer-encoding")) {
    if (++codings_ > 1 || !iequals(value, "chunked"))
      return refuse(no_http("a Transfer-Encoding other than chunked"));
  }
  return State::more;
}

HeaderScan::State HeaderScan::finish() {
  if (codings_ > 0 && lengths_ > 0) return refuse(no_http("both Content-Length and Transfer-Encoding"));
  if (codings_ > 0 && is_old_) return refuse(no_http("Transfer-Encoding in HTTP/1.0"));
  if (hosts_ == 0 && !is_old_) return refuse(no_http("no Host"));
  return State::complete;
}

}  // namespace diary::http
