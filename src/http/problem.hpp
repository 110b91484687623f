// SPDX-License-Identifier: Apache-2.0
#pragma once

// Errors as application/problem+json (RFC 9457). The only place where an Errc becomes a status.

#include "base/result.hpp"
#include "http/message.hpp"

namespace diary::http {

// The stable code of the `error` member and the status that go with it.
struct ProblemKind {
  unsigned status;
  const char* error;
  const char* title;
};
[[nodiscard]] ProblemKind problem_kind(Errc code);

[[nodiscard]] Reply problem(const Error& error, const Request& request);

// The city is not in memory yet.
[[nodiscard]] Reply not_loaded(const Request& request);

// For what is no Errc: 404 of an unknown path, 405, 413, 415.
[[nodiscard]] Reply problem(unsigned status, const char* error, const char* title, const std::string& detail,
                            const Request& request);

}  // namespace diary::http
