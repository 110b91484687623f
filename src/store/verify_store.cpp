// SPDX-License-Identifier: Apache-2.0
#include "store/verify_store.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "sql/queries.hpp"

namespace diary {
namespace {

// Texts of the program's own schema, in which each function's body must stand.
std::string schema_text() {
  std::string text;
  for (const auto& files : {sql::migrations(), sql::objects()})
    for (const sql::File& file : files) text += file.text;
  return text;
}

bool contains(const auto& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// "ERROR:  relation ... does not exist" and, in further lines, the row: only the first, without the level.
std::string first_line(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  if (const auto colon = message.find(":  "); colon != std::string_view::npos)
    message.remove_prefix(colon + 3);
  return std::string(message);
}

std::string told(const pg::DbError& e) {
  return e.sqlstate() + (e.constraint().empty() ? "" : " " + e.constraint()) + ": " + first_line(e.what());
}

const char* advice(const std::string& sqlstate) {
  return sqlstate == "42501" ? "; verify as the owner of the schema" : "";
}

// What a statement that should have worked comes to. Somebody else's lock, our own limit of time and a
// read-only server are no fault of the schema.
const char* status_of(const std::string& sqlstate) {
  constexpr std::array<std::string_view, 5> not_now{"55P03", "57014", "40001", "40P01", "25006"};
  constexpr std::array<std::string_view, 5> undefined{"42P01", "42883", "42704", "42703", "3F000"};
  if (contains(not_now, sqlstate)) return "skipped";
  return contains(undefined, sqlstate) ? "missing" : "failed";
}

bool is_as_expected(const pg::DbError& e, const std::string& expected) {
  return expected == e.sqlstate() || expected == e.sqlstate() + " " + e.constraint();
}

std::vector<Check> decode(const pg::Rows& rows) {
  std::vector<Check> checks;
  for (int i = 0; i < rows.size(); ++i)
    checks.push_back(
        {rows.str(i, 0), rows.str(i, 1), rows.str(i, 2), rows.str(i, 3), rows.str(i, 5), rows.str(i, 4)});
  return checks;
}

// The line of the plan that names one of "a or b".
std::string line_naming(const pg::Rows& plan, std::string_view names) {
  constexpr std::string_view other = " or ";
  for (std::size_t at = 0; at < names.size();) {
    const auto end = std::min(names.find(other, at), names.size());
    for (int i = 0; i < plan.size(); ++i) {
      const std::string line = plan.str(i, 0);
      if (line.find(names.substr(at, end - at)) != std::string::npos)
        return line.substr(line.find_first_not_of(" ->"));
    }
    at = end + other.size();
  }
  return {};
}

}  // namespace

std::vector<pg::Query> VerifyStore::scripts() {
  using namespace sql::verify;  // NOLINT(google-build-using-namespace): ten names of one list
  return {criterion_1, criterion_2, criterion_3, criterion_4, criterion_5,
          criterion_6, criterion_7, criterion_8, criterion_9, behaviour};
}

std::vector<pg::Query> VerifyStore::catalogs() {
  using namespace sql::verify;  // NOLINT(google-build-using-namespace): as above
  return {extensions,  settings, schemas,  roles,     tables,   views,  columns,
          constraints, indexes,  triggers, functions, policies, grants, rules};
}

std::vector<Check> VerifyStore::look(const pg::Query& catalog) {
  // Types and names print with their schema unless that is on the path; times and intervals as they are set.
  connection_.exec(
      "SET LOCAL search_path = pg_catalog; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; "
      "SET LOCAL intervalstyle = 'postgres'");
  const bool of_functions = std::string_view(catalog.name) == sql::verify::functions.name;
  connection_.exec("SAVEPOINT look");
  try {
    return decode(connection_.run(catalog, of_functions ? pg::Params{schema_text()} : pg::Params{}));
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError& e) {  // printing an index takes a lock on its table
    connection_.exec("ROLLBACK TO look");
    return {{"", "catalog", catalog.name, status_of(e.sqlstate()), told(e), ""}};
  }
}

std::vector<VerifyStore::Step> VerifyStore::steps(const pg::Query& script) {
  std::vector<Step> list;
  for (const pg::Query& query : {sql::verify::fixture, script}) {
    const auto rows = connection_.run(query);
    for (int i = 0; i < rows.size(); ++i)
      list.push_back({.check = {rows.str(i, 0), "check", rows.str(i, 1), "", "", rows.str(i, 4)},
                      .actor = rows.str(i, 2),
                      .how = rows.str(i, 3),
                      .statement = rows.str(i, 5)});
  }
  return list;
}

std::vector<Check> VerifyStore::run(const pg::Query& script) {
  std::vector<Check> checks;
  auto list = steps(script);
  connection_.exec("SAVEPOINT verify; SET LOCAL search_path = public");
  const Check* broken = nullptr;  // a preparation that failed: nothing after it means anything
  for (Step& step : list) {
    if (broken == nullptr) {
      judge(step);
      if (step.check.name.empty() && step.check.status != "ok") broken = &step.check;
    } else {
      step.check.status = broken->status;
      step.check.evidence = "could not be prepared: " + broken->evidence;
    }
    if (!step.check.name.empty()) checks.push_back(step.check);
  }
  connection_.exec("ROLLBACK TO verify; RELEASE verify");
  return checks;
}

void VerifyStore::judge(Step& step) {
  connection_.exec("SAVEPOINT step");
  try {
    attempt(step);
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const pg::DbError& e) {
    connection_.exec("ROLLBACK TO step");  // the role too is as it was
    const bool refused = step.how == "refused" && is_as_expected(e, step.check.expected);
    step.check.status = refused ? "ok" : status_of(e.sqlstate());
    step.check.evidence = told(e) + (refused ? "" : advice(e.sqlstate()));
  }
  connection_.exec("RELEASE step");
}

void VerifyStore::attempt(Step& step) {
  if (!step.actor.empty()) become(step.actor);
  if (step.how == "plan")
    perform_plan(step);
  else
    perform(step);
  if (!step.actor.empty()) connection_.exec("SET LOCAL ROLE NONE");
}

void VerifyStore::perform(Step& step) {
  const auto begun = std::chrono::steady_clock::now();
  const auto rows = connection_.exec(step.statement);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
  Check& check = step.check;
  if (step.how == "refused") {
    check.status = "wrong";
    check.evidence = "was not refused";
    connection_.exec("ROLLBACK TO step");
  } else if (step.how == "runs") {
    check.status = "ok";
    check.evidence = "took " + std::to_string(static_cast<long>(took.count())) + " ms";
  } else {
    const std::string value = rows.empty() ? "no row" : rows.str(0, 0);
    check.status = value == check.expected ? "ok" : value == "note" ? "note" : "wrong";
    check.evidence = rows.columns() > 1 && !rows.empty() ? rows.str(0, 1) : value;
    if (step.how == "tried") connection_.exec("ROLLBACK TO step");
  }
}

void VerifyStore::perform_plan(Step& step) {
  Check& check = step.check;
  check.evidence = line_naming(connection_.exec(step.statement), check.expected);
  if (check.evidence.empty()) {
    connection_.exec("SET LOCAL enable_seqscan = off");
    check.evidence = line_naming(connection_.exec(step.statement), check.expected);
    connection_.exec("SET LOCAL enable_seqscan = on");
    if (!check.evidence.empty()) check.evidence += " (with enable_seqscan = off: the table is small)";
  }
  check.status = check.evidence.empty() ? "wrong" : "ok";
  if (check.evidence.empty()) check.evidence = "the plan does not name it";
}

void VerifyStore::become(const std::string& actor) {
  if (actor == "app") {
    connection_.exec("SET LOCAL ROLE diary_app");
  } else {
    connection_.run(sql::verify::become_owner);
  }
}

}  // namespace diary
