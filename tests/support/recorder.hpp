// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes what went over the wire to the file that the environment names in DIARY_EXCHANGES, one JSON object a
// line, for web/contract to hold against the OpenAPI document. Does nothing without it. Bodies are cut at a
// mebibyte and the file ends at 256, and both say so. Thread-safe.

#include <map>
#include <string>
#include <string_view>

namespace diary::support {

struct Message {
  std::map<std::string, std::string> headers;  // lower-case names
  std::string_view body;
  bool whole = true;  // false: there was more than `body`
};

void record(const std::string& method, const std::string& target, const Message& request, unsigned status,
            const Message& answer);

// The first request among the bytes of a connection and its answer, when they are such.
void record_raw(std::string_view sent, std::string_view received);

}  // namespace diary::support
