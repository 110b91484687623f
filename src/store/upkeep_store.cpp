// SPDX-License-Identifier: Apache-2.0
#include "store/upkeep_store.hpp"

#include "sql/queries.hpp"

namespace diary {

std::int64_t UpkeepStore::advance(int most) {
  return connection_.run(sql::upkeep::advance, {most}).integer(0, 0);
}

std::optional<std::string> UpkeepStore::sync(const std::optional<std::string>& since) {
  return connection_.run(sql::upkeep::sync, {since}).opt(0, 0);
}

bool UpkeepStore::refresh(const std::string& view, double max_age_s) {
  return connection_.run(sql::upkeep::refresh, {view, max_age_s}).boolean(0, 0);
}

void UpkeepStore::seal_audit() {
  connection_.run(sql::upkeep::seal_audit);
}

std::optional<std::string> UpkeepStore::archive_failure() {
  const auto rows = connection_.run(sql::upkeep::archive_failure);
  return rows.empty() ? std::nullopt : rows.opt(0, 0);
}

std::optional<AuditHead> UpkeepStore::audit_head() {
  const auto rows = connection_.run(sql::upkeep::audit_head);
  if (rows.empty()) return std::nullopt;
  return AuditHead{rows.integer(0, 0), rows.str(0, 1)};
}

void UpkeepStore::prune_tokens() {
  connection_.run(sql::upkeep::prune_tokens);
}

void UpkeepStore::make_partitions() {
  connection_.run(sql::upkeep::make_partitions);
}

std::int64_t UpkeepStore::close_months(int most) {
  return connection_.run(sql::upkeep::close_months, {most}).integer(0, 0);
}

std::int64_t UpkeepStore::detach_months(int keep_months) {
  return connection_.run(sql::upkeep::detach_months, {keep_months}).integer(0, 0);
}

void UpkeepStore::ping() {
  connection_.run(sql::upkeep::ping);
}

std::vector<Drift> UpkeepStore::rebuild() {
  const auto rows = connection_.run(sql::upkeep::rebuild);
  std::vector<Drift> drift;
  for (int i = 0; i < rows.size(); ++i)
    drift.push_back({rows.str(i, 0), rows.str(i, 1), rows.str(i, 2), rows.str(i, 3)});
  return drift;
}

}  // namespace diary
