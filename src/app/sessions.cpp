// SPDX-License-Identifier: Apache-2.0
#include "app/sessions.hpp"

namespace diary {

Result<Session> check_session(Gate& gate, const Caller& caller) {
  auto session = gate.read([&](pg::Connection& connection) { return begin_session(connection, caller); });
  if (!session) return fail(not_valid_any_more());
  return *std::move(session);
}

Result<void> log_out(pg::Connection& connection, const Caller& caller) {
  end_session(connection, caller);
  return {};
}

}  // namespace diary
