// SPDX-License-Identifier: Apache-2.0
#include "store/dump_store.hpp"

#include "sql/queries.hpp"

namespace diary {

DumpStore::Prospect DumpStore::prospect() {
  const auto rows = connection_.run(sql::verify::may_dump);
  return {rows.opt(0, 0), rows.integer(0, 1)};
}

std::string DumpStore::export_snapshot() {
  return connection_.run(sql::verify::export_snapshot).str(0, 0);
}

std::vector<TableSum> DumpStore::sums() {
  // Rows are compared as text. Local, so that no pooler hands it on.
  connection_.exec(
      "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; "
      "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'");
  const auto rows = connection_.run(sql::verify::checksums);
  std::vector<TableSum> sums;
  for (int i = 0; i < rows.size(); ++i) sums.push_back({rows.str(i, 0), rows.integer(i, 1), rows.str(i, 2)});
  return sums;
}

// The database quotes the names itself.
void DumpStore::create_database(const std::string& name) {
  connection_.exec(connection_.run(sql::verify::create_scratch, {name}).str(0, 0));
}

void DumpStore::drop_database(const std::string& name) {
  connection_.exec(connection_.run(sql::verify::drop_scratch, {name}).str(0, 0));
}

}  // namespace diary
