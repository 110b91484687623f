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

}  // namespace

std::optional<Target> read_target(std::string_view text) {
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
