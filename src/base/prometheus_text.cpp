// SPDX-License-Identifier: Apache-2.0
#include "base/prometheus_text.hpp"

#include <fmt/format.h>

namespace diary {
namespace {

void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quoted) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

}  // namespace

void PrometheusText::metric(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} ", name);
  append_escaped(text_, help, false);
  text_ += fmt::format("\n# TYPE {} {}\n", name, type);
}

void PrometheusText::line(std::string_view suffix, Labels labels, std::string_view bound, double value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    text_ += std::exchange(before, ',');
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, text, true);
    text_ += '"';
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!bound.empty()) label("le", bound);
  if (before == ',') text_ += '}';
  text_ += fmt::format(" {}\n", value);
}

void PrometheusText::sample(double value, Labels labels) {
  line("", labels, "", value);
}

void PrometheusText::buckets(std::span<const double> bounds_s, std::span<const std::uint64_t> counts,
                             double sum_s, Labels labels) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bounds_s.size(); ++i) {
    total += counts[i];
    line("_bucket", labels, fmt::format("{}", bounds_s[i]), static_cast<double>(total));
  }
  total += counts.back();
  line("_bucket", labels, "+Inf", static_cast<double>(total));
  line("_sum", labels, "", sum_s);
  line("_count", labels, "", static_cast<double>(total));
}

}  // namespace diary
