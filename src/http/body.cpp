// SPDX-License-Identifier: Apache-2.0
#include "http/body.hpp"

#include <openssl/evp.h>

#include <array>
#include <boost/beast/http/rfc7230.hpp>

#include "base/gzip.hpp"
#include "http/common_headers.hpp"
#include "http/conditional.hpp"

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t least_worth_compressing = 1024;

}  // namespace

std::string digest_of(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string tag;
  for (std::size_t i = 0; i < 16; ++i) {
    tag += digits[digest[i] >> 4];
    tag += digits[digest[i] & 15];
  }
  return tag;
}

namespace {

// Another representation is another strong tag.
std::string etag_of(const Reply& reply, bool gzip) {
  return '"' + (reply.etag.empty() ? digest_of(reply.body) : reply.etag) + (gzip ? "-gzip\"" : "\"");
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
  const auto [begin, end] = message.equal_range(beast_http::field::if_none_match);
  for (auto line = begin; line != end; ++line) {
    if (!wishes.if_none_match.empty()) wishes.if_none_match += ',';
    wishes.if_none_match.append(line->value().data(), line->value().size());
  }
  return wishes;
}

bool names_body(std::string_view header, const std::string& body) {
  Reply read;
  read.body = body;
  return names_tag(header, etag_of(read, false), Comparison::strong) ||
         names_tag(header, etag_of(read, true), Comparison::strong);
}

void shape_body(Reply& reply, const BodyWishes& wishes) {
  if (reply.stream) return;
  const bool packs = wishes.gzip && reply.body.size() >= least_worth_compressing;
  if (wishes.is_read || reply.body.size() >= least_worth_compressing)
    add_vary(reply, "Accept, Accept-Encoding");
  if (wishes.is_read && reply.status == 200) {
    const std::string tag = etag_of(reply, packs);
    reply.headers.emplace_back("ETag", tag);
    if (!wishes.if_none_match.empty() && names_tag(wishes.if_none_match, tag)) {
      reply.status = 304;
      reply.body.clear();
      return;
    }
  }
  if (!packs) return;
  reply.body = reply.gzip.empty() ? gzip(reply.body) : std::string(reply.gzip);
  reply.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace diary::http
