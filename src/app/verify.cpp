// SPDX-License-Identifier: Apache-2.0
#include "app/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "app/dump_check.hpp"
#include "store/verify_store.hpp"

namespace diary {
namespace {

constexpr const char* read_only =
    "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'";
// So that what others commit meanwhile does not look like a difference.
constexpr const char* one_snapshot =
    "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = "
    "'60s'";

// Section 11 of the specification.
constexpr std::array<const char*, 10> criteria{"All tables created with correct constraints and indexes",
                                               "Materialized views refresh correctly",
                                               "Spatial queries use GIST indexes",
                                               "Upsert operations are idempotent",
                                               "Generated column confidence computes correctly",
                                               "Foreign key constraints prevent orphaned records",
                                               "Triggers fire on INSERT/UPDATE",
                                               "RLS policies enforce user isolation on diary.routes",
                                               "Audit log captures all modifications to diary.ratings",
                                               "Backup/restore completes without data loss"};

bool belongs(const Check& check, std::size_t criterion) {
  if (check.section == fmt::format("11.{}", criterion)) return true;
  return criterion == 1 && check.section.starts_with("3.") &&
         (check.kind == "table" || check.kind == "column" || check.kind == "constraint" ||
          check.kind == "index");
}

Check judge(std::size_t criterion, const std::vector<Check>& checks) {
  Check sum{"11", "criterion", fmt::format("{} {}", criterion, criteria.at(criterion - 1)),
            "ok", "",          "all its checks"};
  int held = 0;
  int all = 0;
  std::string first;
  for (const Check& check : checks) {
    if (!belongs(check, criterion) || check.status == "extra") continue;
    ++all;
    if (check.status == "ok" || check.status == "note") {
      ++held;
    } else if (first.empty() || (sum.status == "skipped" && is_bad(check.status))) {
      first = "; " + check.name + ": " + check.evidence;
      sum.status = is_bad(check.status) ? "wrong" : "skipped";
    }
  }
  if (all == 0) sum.status = "missing";
  sum.evidence = fmt::format("{} of {} checks hold", held, all) + first;
  return sum;
}

void append(std::vector<Check>& to, std::vector<Check> more) {
  std::ranges::move(more, std::back_inserter(to));
}

}  // namespace

std::vector<Check> judge_criteria(const std::vector<Check>& checks) {
  std::vector<Check> judged;
  for (std::size_t criterion = 1; criterion <= criteria.size(); ++criterion)
    judged.push_back(judge(criterion, checks));
  return judged;
}

std::vector<Check> verify(pg::Connection& owner, const std::string& superuser_conninfo) {
  VerifyStore store(owner);
  std::vector<Check> checks;
  {
    const pg::Transaction transaction(owner, read_only);
    for (const pg::Query& catalog : VerifyStore::catalogs()) append(checks, store.look(catalog));
  }
  // A transaction each, so that none holds back vacuum for long. Never committed.
  for (const pg::Query& script : VerifyStore::scripts()) {
    const pg::Transaction transaction(owner, one_snapshot);
    append(checks, store.run(script));
  }
  append(checks, check_dump(superuser_conninfo));
  append(checks, judge_criteria(checks));
  return checks;
}

}  // namespace diary
