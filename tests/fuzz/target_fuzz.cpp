// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "base/utf8.hpp"
#include "http/target.hpp"

// Whatever a target is made of, its parts are text, and no dots lead out of the path.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const auto target = diary::http::read_target({data, size});
  if (!target) return 0;
  const auto is_text = [](const std::string& text) {
    return diary::is_utf8(text) && text.find('\0') == std::string::npos;
  };
  bool good = is_text(target->path) && target->query.size() <= diary::http::limits::max_query_parameters;
  for (const auto& segment : target->segments)
    good = good && is_text(segment) && segment != "." && segment != "..";
  for (const auto& [name, value] : target->query) good = good && is_text(name) && is_text(value);
  if (!good) std::abort();
  return 0;
}
