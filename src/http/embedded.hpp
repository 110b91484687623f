// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of the source tree, or of its build, that the program carries in itself. cmake/EmbedFiles.cmake makes
// the bodies of these functions.

#include <span>
#include <string_view>

namespace diary::http {

struct EmbeddedFile {
  std::string_view name;  // relative to the folder that was embedded
  std::string_view bytes;
};

[[nodiscard]] std::span<const EmbeddedFile> openapi_fragments();  // src/http/openapi/*.json
[[nodiscard]] std::span<const EmbeddedFile> web_files();          // what web/build.mjs makes

}  // namespace diary::http
