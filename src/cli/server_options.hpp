// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the settings to what the server is made with: its bounds, cut to the descriptors that the system
// grants, and its certificate.

#include "base/config.hpp"
#include "http/server.hpp"

namespace diary::cli {

// Raises the limit of open files as far as it goes. An error names the setting or the file that is wrong.
[[nodiscard]] Result<http::Server::Options> server_options(const Config& config);

}  // namespace diary::cli
