// SPDX-License-Identifier: Apache-2.0
#pragma once

// Result<T>: an answer the caller can act on, or the reason there is none.
// A broken world (lost connection, bad SQL, a bug) is thrown instead and never becomes an Error.

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace diary {

enum class Errc {
  validation,            // a field is wrong; Error::fields names each
  malformed,             // not readable as what it claims to be
  unauthorized,          // who are you
  forbidden,             // you may not
  not_found,             //
  no_route,              // the places are there, and no way leads from one to the other
  email_taken,           //
  duplicate_rating,      // same user, same segment, less than an hour apart
  duplicate_vote,        // same user, segment and action, less than a day apart
  conflict,              // with what is there
  unprocessable,         // well formed, and yet it cannot be
  idempotency_mismatch,  // the id is known with another content
  rate_limited,          //
  unavailable,           // not now; try again after retry_after
  failed,                // a command could not do what it was asked; message says why
};

// One field that was refused. `value` is JSON text of what was sent, empty when it was absent.
struct FieldError {
  std::string field;
  std::string message;
  std::string value;
};

struct Error {
  Errc code;
  std::string message;
  std::vector<FieldError> fields{};
  std::optional<std::chrono::seconds> retry_after{};
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace diary
