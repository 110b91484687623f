// SPDX-License-Identifier: Apache-2.0
#include "base/redis_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

namespace diary {
namespace {

constexpr int max_database = 1'000'000;
constexpr const char* forms =
    "must be redis://[:password@]host[:port][/number] or unix://[:password@]/path[?db=number]";

std::optional<int> number(const std::string& text, int low, int high) {
  int value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return std::nullopt;
  return value;
}

Result<RedisUrl> read_tcp(const boost::urls::url_view& url, RedisUrl made) {
  made.host = url.host_type() == boost::urls::host_type::ipv6 ? url.host_address() : url.host();
  const std::string path = url.path();
  const auto port = url.has_port() ? number(std::string(url.port()), 1, 65535) : made.port;
  const auto database = path.size() > 1 ? number(path.substr(1), 0, max_database) : 0;
  const bool odd = !path.empty() && path.front() != '/';
  if (odd || made.host.empty() || !port || !database || url.has_query()) return fail(Errc::failed, forms);
  made.port = *port;
  made.database = *database;
  return made;
}

Result<RedisUrl> read_socket(const boost::urls::url_view& url, RedisUrl made) {
  made.socket = url.path();
  if (made.socket.size() < 2 || !url.host().empty() || url.has_port()) return fail(Errc::failed, forms);
  for (const auto& parameter : url.params()) {
    const auto database = number(std::string(parameter.value), 0, max_database);
    if (parameter.key != "db" || !database) return fail(Errc::failed, forms);
    made.database = *database;
  }
  return made;
}

}  // namespace

Result<RedisUrl> parse_redis_url(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->has_fragment()) return fail(Errc::failed, forms);
  RedisUrl made;
  made.user = parsed->user();
  made.password = parsed->password();
  if (!made.user.empty() && made.password.empty())
    return fail(Errc::failed, "must have a colon before the password: redis://:password@host");
  if (parsed->scheme() == "redis") return read_tcp(*parsed, std::move(made));
  if (parsed->scheme() == "unix") return read_socket(*parsed, std::move(made));
  if (parsed->scheme() == "rediss")
    return fail(Errc::failed, "cannot be rediss://: TLS to Redis is not built in; use a socket or a tunnel");
  return fail(Errc::failed, forms);
}

}  // namespace diary
