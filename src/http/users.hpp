// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user and their token in JSON, and the members of a body that registering, logging in and changing an
// account have in common.

#include "http/fields.hpp"
#include "http/json_writer.hpp"
#include "http/site.hpp"

namespace diary::http {

[[nodiscard]] std::optional<std::string> read_email(Fields& fields);
// Of a new account or password: 10 to 72 bytes.
[[nodiscard]] std::optional<std::string> read_new_password(Fields& fields);
// To be held against the one there is: of any length that one could have.
[[nodiscard]] std::optional<std::string> read_password(Fields& fields, std::string_view name);

void write_user(JsonObject& object, const User& user);
// access_token, token_type, expires_in.
void write_token(JsonObject& object, const Site& site, const User& user);

}  // namespace diary::http
