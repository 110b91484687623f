// SPDX-License-Identifier: Apache-2.0
#pragma once

// Logs on stderr: for people on a terminal, one JSON object a line otherwise.
// Never logs a password, a token or an address.

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

namespace diary::log {

// Installs the default logger; `level` is one of trace, debug, info, warn, error.
void init(const std::string& level);

// Appends `text` as a quoted JSON string to `out`. Bytes that are no UTF-8 stay as they are.
void append_json_string(std::string& out, std::string_view text);

}  // namespace diary::log
