// SPDX-License-Identifier: Apache-2.0
#include "http/body.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <boost/beast/http/rfc7230.hpp>
#include <stdexcept>

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t least_worth_compressing = 1024;
constexpr int gzip_level = 1;         // a third of the time of the default for nearly its size
constexpr int gzip_window_bits = 31;  // 15 and a gzip header

std::string etag_of(const std::string& body, bool gzip) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string tag = "\"";
  for (std::size_t i = 0; i < 16; ++i) {
    tag += digits[digest[i] >> 4];
    tag += digits[digest[i] & 15];
  }
  return tag + (gzip ? "-gzip\"" : "\"");  // another representation is another strong tag
}

std::string compress(const std::string& body) {
  z_stream stream{};
  if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib cannot start");
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

bool names_tag(const std::string& header, const std::string& tag) {
  if (header == "*") return true;
  return header.find(tag) != std::string::npos;
}

}  // namespace

BodyWishes read_wishes(const BeastRequest& message) {
  BodyWishes wishes;
  wishes.is_read = message.method() == beast_http::verb::get || message.method() == beast_http::verb::head;
  for (const auto& coding : beast_http::ext_list(message[beast_http::field::accept_encoding])) {
    if (!boost::beast::iequals(coding.first, "gzip")) continue;
    wishes.gzip = true;
    for (const auto& parameter : coding.second)
      if (parameter.first == "q" && parameter.second.find_first_of("123456789") == std::string_view::npos)
        wishes.gzip = false;  // q=0, with or without decimals
  }
  const auto tags = message[beast_http::field::if_none_match];
  wishes.if_none_match.assign(tags.data(), tags.size());
  return wishes;
}

void shape_body(Reply& reply, const BodyWishes& wishes) {
  const bool gzip = wishes.gzip && reply.body.size() >= least_worth_compressing;
  if (reply.body.size() >= least_worth_compressing)
    reply.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  if (wishes.is_read && reply.status == 200) {
    const std::string tag = etag_of(reply.body, gzip);
    reply.headers.emplace_back("ETag", tag);
    if (!wishes.if_none_match.empty() && names_tag(wishes.if_none_match, tag)) {
      reply.status = 304;
      reply.body.clear();
      return;
    }
  }
  if (!gzip) return;
  reply.body = compress(reply.body);
  reply.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace diary::http
