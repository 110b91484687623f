// SPDX-License-Identifier: Apache-2.0
#include "http/forwarded.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "http/characters.hpp"

namespace diary::http {
namespace {

// Somebody that a proxy had a request from.
struct Hop {
  std::optional<IpAddress> address;  // nothing: it hides
  std::string proto;                 // lower case; empty: not said
};
using Hops = std::vector<Hop>;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return made;
}

bool is_port(std::string_view text) {
  const bool obfuscated = text.size() > 1 && text.front() == '_' && is_token(text);
  const bool digits = !text.empty() && text.size() <= 5 &&
                      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return obfuscated || digits;
}

// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80"; false for what is no node. A bare IPv6 address is what
// X-Forwarded-For has and Forwarded must not.
bool read_node(std::string_view text, bool bare_v6, Hop& hop) {
  if (bare_v6) {
    hop.address = IpAddress::parse(text);
    if (hop.address) return true;
  }
  std::string_view name = text;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    name = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (name.find(':') == std::string_view::npos) return false;
  } else {
    const auto colon = text.find(':');
    name = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
  }
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return false;
  if (lower(name) == "unknown" || (name.size() > 1 && name.front() == '_' && is_token(name))) return true;
  hop.address = IpAddress::parse(name);
  return hop.address.has_value();
}

// A token or a quoted string at the front of `text`, which is shortened by it.
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const auto word = text.substr(0, text.find_first_of(";, \t"));
    text.remove_prefix(word.size());
    if (!is_token(word)) return std::nullopt;
    return std::string(word);
  }
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    value += text[i];
  }
  return std::nullopt;
}

std::string_view take_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

bool note_pair(const std::string& name, const std::string& value, bool& named, Hop& hop) {
  if (name == "for") {
    if (std::exchange(named, true)) return false;  // RFC 7239, 4: each parameter once
    return read_node(value, false, hop);
  }
  if (name == "proto") {
    if (!hop.proto.empty() || value.empty()) return false;
    hop.proto = lower(value);
  }
  return true;
}

// for=192.0.2.60;proto=https;by=203.0.113.43, for="[2001:db8::17]:4711"
std::optional<Hops> read_forwarded(std::string_view text) {
  Hops hops(1);
  bool named = false;
  text = take_blanks(text);
  while (!text.empty()) {
    if (text.front() == ',') {
      hops.emplace_back();
      named = false;
      text = take_blanks(text.substr(1));
      continue;
    }
    if (text.front() == ';') {
      text.remove_prefix(1);
      continue;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return std::nullopt;
    const std::string name = lower(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    const auto value = take_value(text);
    if (!value || !note_pair(name, *value, named, hops.back())) return std::nullopt;
    text = take_blanks(text);
    if (!text.empty() && text.front() != ',' && text.front() != ';') return std::nullopt;
  }
  return hops;
}

std::vector<std::string_view> elements(std::string_view text) {
  std::vector<std::string_view> all;
  while (true) {
    const auto comma = text.find(',');
    all.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return all;
    text.remove_prefix(comma + 1);
  }
}

std::optional<Hops> read_x_forwarded(const ForwardedHeaders& headers) {
  Hops hops;
  if (!headers.x_forwarded_for.empty()) {
    for (const std::string_view element : elements(headers.x_forwarded_for)) {
      if (!read_node(element, true, hops.emplace_back())) return std::nullopt;
    }
  }
  if (headers.x_forwarded_proto.empty()) return hops;
  // One for each hop, or one for all, as most proxies write it.
  const auto protos = elements(headers.x_forwarded_proto);
  if (!std::ranges::all_of(protos, is_token)) return std::nullopt;
  if (hops.empty()) hops.emplace_back();  // the scheme alone: the origin is the peer
  for (std::size_t i = 0; i < hops.size(); ++i)
    hops[hops.size() - 1 - i].proto =
        lower(i < protos.size() && protos.size() > 1 ? protos[protos.size() - 1 - i] : protos.back());
  return hops;
}

Origin walk(const IpAddress& peer, const Networks& trusted, const Hops& hops) {
  Origin origin{peer, false};
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    if (!hop->proto.empty()) origin.https = hop->proto == "https";
    if (!hop->address) break;
    origin.address = *hop->address;
    if (!trusted.contain(*hop->address)) break;
  }
  return origin;
}

}  // namespace

Origin find_origin(const IpAddress& peer, const Networks& trusted, const ForwardedHeaders& headers) {
  const Origin nobody_else{peer, false};
  if (trusted.empty() || !trusted.contain(peer)) return nobody_else;
  const bool is_new = !headers.forwarded.empty();
  const bool is_old = !headers.x_forwarded_for.empty() || !headers.x_forwarded_proto.empty();
  const auto by_new = is_new ? read_forwarded(headers.forwarded) : Hops{};
  const auto by_old = is_old ? read_x_forwarded(headers) : Hops{};
  if (!by_new || !by_old) return nobody_else;
  const Origin from_new = walk(peer, trusted, *by_new);
  const Origin from_old = walk(peer, trusted, *by_old);
  if (!is_new) return from_old;
  if (!is_old) return from_new;
  // A proxy writes one of them and may pass the other on as the client wrote it: both must say the same.
  const bool agree = from_new.address == from_old.address || headers.x_forwarded_for.empty();
  return agree ? Origin{from_new.address, from_new.https && from_old.https} : nobody_else;
}

}  // namespace diary::http
