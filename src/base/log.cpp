// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <fmt/chrono.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace diary::log {
namespace {

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
    const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(msg.time);
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(msg.time - seconds).count();
    const auto level = spdlog::level::to_string_view(msg.level);
    std::string line =
        fmt::format(R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:06}Z","level":"{}","message":)", fmt::gmtime(seconds),
                    micros, std::string_view(level.data(), level.size()));
    append_json_string(line, {msg.payload.data(), msg.payload.size()});
    line += "}\n";
    out.append(line.data(), line.data() + line.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

bool is_escaped(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view letters = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";  // of the control characters
  constexpr char digits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += '\\';
  if (byte >= letters.size()) {
    out += c;
  } else if (letters[byte] != 'u') {
    out += letters[byte];
  } else {
    out += "u00";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if(text, is_escaped) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    append_escaped(out, text.front());
    text.remove_prefix(1);
  }
  out += '"';
}

void init(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("diary");
  if (isatty(STDERR_FILENO) == 0) logger->set_formatter(std::make_unique<JsonFormatter>());
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace diary::log
