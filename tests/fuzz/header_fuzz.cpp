// SPDX-License-Identifier: Apache-2.0
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdlib>

#include "http/body.hpp"
#include "http/header_scan.hpp"

// In one piece or byte by byte, a header ends at the same place; and where it does, the parser behind takes
// it for one header of that length or refuses it: never for less or more.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  using namespace diary::http;
  namespace beast_http = boost::beast::http;
  const std::string_view bytes(data, size);
  HeaderScan whole;
  HeaderScan pieces;
  const auto state = whole.feed(bytes);
  auto by_byte = HeaderScan::State::more;
  for (std::size_t n = 1; n <= size && by_byte == HeaderScan::State::more; ++n)
    by_byte = pieces.feed(bytes.substr(0, n));
  if (state != by_byte) std::abort();
  if (state != HeaderScan::State::complete) return 0;
  if (whole.length() != pieces.length() || whole.begin() != pieces.begin()) std::abort();
  beast_http::request_parser<beast_http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::max_header_bytes + 1));
  boost::system::error_code ec;
  const auto used = parser.put(boost::asio::buffer(data + whole.begin(), size - whole.begin()), ec);
  if (ec) return 0;
  if (used != whole.length() || !parser.is_header_done()) std::abort();
  if (parser.chunked() && parser.content_length()) std::abort();
  Reply reply;
  reply.body = std::string(2000, 'x');
  shape_body(reply, read_wishes(parser.get()));
  if (reply.status != 200 && reply.status != 304) std::abort();
  return 0;
}
