// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace diary::support {

// Throws when it is not gzip, whole, of at most 16 MiB.
[[nodiscard]] std::string gunzip(const std::string& packed);

}  // namespace diary::support
