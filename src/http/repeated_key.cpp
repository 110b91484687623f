// SPDX-License-Identifier: Apache-2.0
#include "http/repeated_key.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/string_view.hpp>
#include <unordered_set>
#include <vector>

namespace diary::http {
namespace {

namespace json = boost::json;

// Sees the text go by and keeps nothing but the names of the objects that are open.
struct Keys {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  using Ec = boost::system::error_code;

  bool on_object_begin(Ec&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Ec&) {
    open.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, Ec&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Ec& ec) {
    key.append(part.data(), part.size());
    if (!open.back().insert(key).second) {
      ec = json::error::syntax;  // any will do: it ends the search
      return false;
    }
    key.clear();
    return true;
  }

  bool on_document_begin(Ec&) { return true; }
  bool on_document_end(Ec&) { return true; }
  bool on_array_begin(Ec&) { return true; }
  bool on_array_end(std::size_t, Ec&) { return true; }
  bool on_string_part(json::string_view, std::size_t, Ec&) { return true; }
  bool on_string(json::string_view, std::size_t, Ec&) { return true; }
  bool on_number_part(json::string_view, Ec&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Ec&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Ec&) { return true; }
  bool on_double(double, json::string_view, Ec&) { return true; }
  bool on_bool(bool, Ec&) { return true; }
  bool on_null(Ec&) { return true; }
  bool on_comment_part(json::string_view, Ec&) { return true; }
  bool on_comment(json::string_view, Ec&) { return true; }

  std::vector<std::unordered_set<std::string>> open;
  std::string key;
};

}  // namespace

std::optional<std::string> repeated_key(std::string_view text) {
  json::basic_parser<Keys> parser(json::parse_options{});
  boost::system::error_code ec;
  parser.write_some(false, text.data(), text.size(), ec);
  if (!ec) return std::nullopt;
  return std::move(parser.handler().key);
}

}  // namespace diary::http
