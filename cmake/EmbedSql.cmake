# SPDX-License-Identifier: Apache-2.0
# diary_embed_sql(TARGET): turns db/ into C++.
#   db/queries/rating/find.sql -> sql::rating::find (a diary::pg::Query), declared in "sql/queries.hpp"
#   db/migrations/*.sql, db/objects/*.sql -> sql::migrations(), sql::objects(), in the order of their names
function(diary_embed_sql target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/db/queries/*.sql
       ${PROJECT_SOURCE_DIR}/db/migrations/*.sql ${PROJECT_SOURCE_DIR}/db/objects/*.sql)
  add_custom_command(
    OUTPUT ${out}/sql/queries.hpp ${out}/sql/sql.cpp
    COMMAND ${CMAKE_COMMAND} -DDB=${PROJECT_SOURCE_DIR}/db -DOUT=${out}/sql -P ${PROJECT_SOURCE_DIR}/cmake/embed_sql_script.cmake
    DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/embed_sql_script.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/sql/sql.cpp ${out}/sql/queries.hpp)
  target_include_directories(${target} PUBLIC ${out})
endfunction()
