// SPDX-License-Identifier: Apache-2.0
#include "http/conditional.hpp"

namespace diary::http {
namespace {

void skip(std::string_view& text, std::string_view characters) {
  const auto begin = text.find_first_not_of(characters);
  text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
}

// The quoted part of an entity tag at the front of `text`, which is shortened by it; empty: there is none.
std::string_view take_tag(std::string_view& text) {
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (!text.starts_with('"')) return {};
  const auto end = text.find('"', 1);
  if (end == std::string_view::npos) return {};
  const auto tag = text.substr(0, end + 1);
  text.remove_prefix(tag.size());
  for (const char c : tag) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 127) return {};
  }
  return tag;
}

}  // namespace

bool names_tag(std::string_view field, std::string_view tag, Comparison comparison) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  skip(field, " \t");
  if (field.starts_with('*')) {
    field.remove_prefix(1);
    skip(field, " \t");
    return field.empty();
  }
  bool found = false;
  while (true) {
    skip(field, " \t,");  // RFC 9110, 5.6.1: a list may have empty elements
    if (field.empty()) return found;
    const bool counts = comparison == Comparison::weak || !field.starts_with("W/");
    const auto named = take_tag(field);
    skip(field, " \t");
    if (named.empty() || (!field.empty() && field.front() != ',')) return false;
    found = found || (counts && named == tag);
  }
}

}  // namespace diary::http
