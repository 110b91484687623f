// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/utf8.hpp"

namespace diary::http {
namespace {

// What goes into SQL and back into JSON.
bool is_text(const std::string& decoded) {
  return decoded.find('\0') == std::string::npos && is_utf8(decoded);
}

bool is_dots(const std::string& segment) {
  return segment == "." || segment == "..";
}

// Of the target of a request to a proxy, which a server has to take as well: what stands behind the
// authority. Nothing when there is none to speak of, or somebody's password in it.
std::optional<std::string_view> behind_authority(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, scheme);
  if (!boost::beast::iequals(name, "http") && !boost::beast::iequals(name, "https")) return std::nullopt;
  if (!boost::urls::parse_uri({text.data(), text.size()})) return std::nullopt;
  text.remove_prefix(scheme + 3);
  const auto end = text.find_first_of("/?#");
  const std::string_view authority = text.substr(0, end);
  if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
  return end == std::string_view::npos ? std::string_view{} : text.substr(end);
}

// Holds for most targets: nothing to decode, and every reader cuts them alike.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '/' ||
           c == '-' || c == '_' || c == '.' || c == ',' || c == '=' || c == '&' || c == '?';
  });
}

template <class Take>
void cut(std::string_view text, char at, Take take) {
  while (true) {
    const auto end = text.find(at);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// Nothing for what is not plain, or needs a look at what the standard says of it.
std::optional<Target> read_plain(std::string_view text) {
  if (!text.starts_with('/') || !is_plain(text)) return std::nullopt;
  const auto mark = text.find('?');
  const std::string_view path = text.substr(0, mark);
  if (path.size() < 2 || path.find("/.") != std::string_view::npos ||
      path.find("//") != std::string_view::npos)
    return std::nullopt;
  Target target;
  target.path = path;
  cut(path.substr(1), '/', [&](std::string_view segment) { target.segments.emplace_back(segment); });
  if (mark == std::string_view::npos) return target;
  const std::string_view query = text.substr(mark + 1);
  if (query.empty()) return std::nullopt;
  cut(query, '&', [&](std::string_view parameter) {
    const auto equals = std::min(parameter.find('='), parameter.size());
    target.query.emplace_back(parameter.substr(0, equals),
                              parameter.substr(std::min(equals + 1, parameter.size())));
  });
  if (target.query.size() > limits::max_query_parameters) return std::nullopt;
  return target;
}

}  // namespace

std::optional<Target> read_target(std::string_view text) {
  auto plain = read_plain(text);
  return plain ? std::move(plain) : read_any_target(text);
}

std::optional<Target> read_any_target(std::string_view text) {
  if (text == "*") return Target{"*", {}, {}};
  std::string origin_form(text);
  if (!text.starts_with('/')) {
    const auto rest = behind_authority(text);
    if (!rest) return std::nullopt;
    origin_form = (rest->starts_with('/') ? "" : "/") + std::string(*rest);
  }
  const auto url = boost::urls::parse_origin_form(origin_form);
  if (!url || url->params().size() > limits::max_query_parameters) return std::nullopt;
  Target target;
  target.path = url->path();
  for (const auto& segment : url->segments()) target.segments.emplace_back(segment);
  for (const auto& parameter : url->params()) target.query.emplace_back(parameter.key, parameter.value);
  // A leading "/." is no segment to Boost, which needs it where it writes paths.
  const bool fine = is_text(target.path) && !target.path.starts_with("/./") &&
                    std::ranges::none_of(target.segments, is_dots) &&
                    std::ranges::all_of(target.query, [](const auto& parameter) {
                      return is_text(parameter.first) && is_text(parameter.second);
                    });
  return fine ? std::optional(std::move(target)) : std::nullopt;
}

}  // namespace diary::http
