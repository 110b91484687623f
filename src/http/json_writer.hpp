// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends JSON to a string: decimals go out as the text they came as, which no double in between could
// promise.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace diary::http {

class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  void end() { out_ += '}'; }

  JsonObject& text(std::string_view name, std::string_view value) {
    key(name);
    log::append_json_string(out_, value);
    return *this;
  }
  JsonObject& maybe(std::string_view name, const std::optional<std::string>& value) {
    if (value) text(name, std::string_view(*value));
    return *this;
  }
  // A number, or any other JSON text.
  JsonObject& raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
    return *this;
  }
  JsonObject& texts(std::string_view name, const std::vector<std::string>& values) {
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      log::append_json_string(out_, values[i]);
    }
    out_ += ']';
    return *this;
  }
  // Writes the name; the caller appends the value to the same string.
  void key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    log::append_json_string(out_, name);
    out_ += ':';
  }

 private:
  std::string& out_;
};

// `"name": [{...}, ...]`; `write` takes a JsonObject& and an item.
template <class Items, class Write>
void write_list(JsonObject& object, std::string& out, std::string_view name, const Items& items,
                Write write) {
  object.key(name);
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    JsonObject member(out);
    write(member, items[i]);
    member.end();
  }
  out += ']';
}

}  // namespace diary::http
