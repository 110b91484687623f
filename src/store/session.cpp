// SPDX-License-Identifier: Apache-2.0
#include "store/session.hpp"

#include "sql/queries.hpp"

namespace diary {

void act_as(pg::Connection& connection, const std::optional<Uuid>& caller) {
  connection.run(sql::session::act_as, {caller ? caller->text() : std::string{}});
}

std::optional<Session> begin_session(pg::Connection& connection, const Caller& caller) {
  const auto rows = connection.run(sql::session::begin,
                                   {caller.user_id.text(), caller.token_id, to_rfc3339(caller.issued_at)});
  if (rows.empty()) return std::nullopt;
  return Session{rows.str(0, 0), rows.str(0, 1)};
}

void end_session(pg::Connection& connection, const Caller& caller) {
  connection.run(sql::session::end, {caller.token_id, to_rfc3339(caller.expires_at)});
}

}  // namespace diary
