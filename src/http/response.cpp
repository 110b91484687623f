// SPDX-License-Identifier: Apache-2.0
#include "http/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "http/characters.hpp"

namespace diary::http {
namespace {

namespace beast_http = boost::beast::http;

// A line break in a value would begin a header of somebody else's making, or a second response.
void add(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  const std::size_t at = out.size();
  out += value;
  if (std::ranges::any_of(value, is_control))
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), is_control, ' ');
  out += "\r\n";
}

// As RFC 9110, 5.6.7 wants it; made once a second.
std::string_view date_of(std::chrono::sys_seconds at) {
  static thread_local std::chrono::sys_seconds made_for{};
  static thread_local std::string made;
  if (made.empty() || at != made_for) {
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{at - day};
    made = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    made_for = at;
  }
  return made;
}

}  // namespace

std::string response_header(const Reply& reply, ResponseTerms terms,
                            std::chrono::system_clock::time_point at) {
  const auto status = static_cast<beast_http::status>(reply.status);
  std::string out;
  out.reserve(1536);  // most have about 1.1 KB
  out = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(beast_http::obsolete_reason(status)) +
        "\r\n";
  add(out, "Server", "diary");
  add(out, "Date", date_of(std::chrono::floor<std::chrono::seconds>(at)));
  for (const auto& [name, value] : reply.headers) add(out, name, value);
  if (!reply.body.empty()) add(out, "Content-Type", reply.content_type);
  // RFC 9110, 8.6: none with a 204; with a 304 it would be that of the 200. A stream to an old client ends
  // with the connection.
  if (reply.stream) {
    if (!terms.is_old) add(out, "Transfer-Encoding", "chunked");
  } else if (reply.status != 204 && reply.status != 304)
    add(out, "Content-Length", std::to_string(reply.body.size()));
  if (!terms.keep_alive) {
    add(out, "Connection", "close");
  } else if (terms.is_old) {
    add(out, "Connection", "keep-alive");
  }
  out += "\r\n";
  return out;
}

}  // namespace diary::http
