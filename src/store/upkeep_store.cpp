// SPDX-License-Identifier: Apache-2.0
#include "store/upkeep_store.hpp"

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

std::int64_t microseconds(Time time) {
  return time.time_since_epoch().count();
}

// 0 when the clock was not the one that was expected.
std::int64_t count_of(const pg::Rows& rows) {
  return rows.empty() ? 0 : rows.integer(0, 0);
}

}  // namespace

std::int64_t UpkeepStore::advance(int most, Time by) {
  return count_of(connection_.run(sql::upkeep::advance, {most, microseconds(by)}));
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

void UpkeepStore::prune_tokens(Time by) {
  connection_.run(sql::upkeep::prune_tokens, {microseconds(by)});
}

void UpkeepStore::make_partitions(Time by) {
  connection_.run(sql::upkeep::make_partitions, {microseconds(by)});
}

std::int64_t UpkeepStore::close_months(int most, Time by) {
  return count_of(connection_.run(sql::upkeep::close_months, {most, microseconds(by)}));
}

std::int64_t UpkeepStore::detach_months(int keep_months, Time by) {
  return count_of(connection_.run(sql::upkeep::detach_months, {keep_months, microseconds(by)}));
}

std::int64_t UpkeepStore::let_go_of_audit(int keep_months, Time by) {
  return count_of(connection_.run(sql::upkeep::let_go_of_audit, {keep_months, microseconds(by)}));
}

void UpkeepStore::ping() {
  connection_.run(sql::upkeep::ping);
}

Time UpkeepStore::clock() {
  return decode_time(connection_.run(sql::upkeep::clock), 0, 0);
}

std::vector<Drift> UpkeepStore::rebuild() {
  const auto rows = connection_.run(sql::upkeep::rebuild);
  std::vector<Drift> drift;
  for (int i = 0; i < rows.size(); ++i)
    drift.push_back({rows.str(i, 0), rows.str(i, 1), rows.str(i, 2), rows.str(i, 3)});
  return drift;
}

std::vector<std::string> UpkeepStore::heal() {
  const auto rows = connection_.run(sql::upkeep::heal);
  std::vector<std::string> done;
  for (int i = 0; i < rows.size(); ++i) done.push_back(rows.str(i, 0));
  return done;
}

std::optional<std::string> UpkeepStore::subscriptions() {
  return connection_.run(sql::upkeep::subscriptions).opt(0, 0);
}

}  // namespace diary
