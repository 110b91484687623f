// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an empty cluster needs before migrations can run as somebody who is no superuser: roles, the database,
// the extensions that only a superuser may create. Says the same every time it is run.

#include <string>

#include "pg/connection.hpp"

namespace diary::pg {

inline constexpr const char* superuser_role = "postgres";
inline constexpr const char* owner_role = "diary_owner";      // owns the database and its schema
inline constexpr const char* app_role = "diary_app";          // what the server works as; owns nothing
inline constexpr const char* analyst_role = "diary_analyst";  // a group: reads what names nobody
inline constexpr const char* database_name = "diary";

// `superuser` is connected to any database of the cluster.
void provision_roles_and_database(Connection& superuser);
// `superuser` is connected to the database.
void provision_extensions(Connection& superuser);

}  // namespace diary::pg
