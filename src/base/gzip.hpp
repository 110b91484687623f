// SPDX-License-Identifier: Apache-2.0
#pragma once

// gzip for what goes out over the network: quick rather than small.

#include <string>
#include <string_view>

namespace diary {

[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace diary
