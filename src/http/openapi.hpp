// SPDX-License-Identifier: Apache-2.0
#pragma once

// The OpenAPI 3.1 document, put together from the fragments that lie beside the handlers: one for each area
// of the API and base.json for what they share. What holds of every call is added here, so that no fragment
// repeats it.

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "http/embedded.hpp"

namespace diary::http {

// Throws std::runtime_error, naming the fragment, for what is no JSON and for what is there twice.
[[nodiscard]] boost::json::object compose_openapi(std::span<const EmbeddedFile> fragments,
                                                  std::string_view version);

// This program's, as served; composed once.
[[nodiscard]] const std::string& openapi_document();

}  // namespace diary::http
