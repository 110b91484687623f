// SPDX-License-Identifier: Apache-2.0
#include "store/session.hpp"

#include "sql/queries.hpp"

namespace diary {

void act_as(pg::Connection& connection, const std::optional<Uuid>& caller) {
  connection.run(sql::session::act_as, {caller ? caller->text() : std::string{}});
}

}  // namespace diary
