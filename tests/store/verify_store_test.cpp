// SPDX-License-Identifier: Apache-2.0
// diary verify sees what is broken: each of its lines is made red at least once. What is sabotaged is undone.
#include "store/verify_store.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "app/dump_check.hpp"
#include "app/verify.hpp"
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

using Lines = std::map<std::string, std::string>;  // "11.5 check confidence cannot be written" -> status

std::string id(const Check& check) {
  return check.section + " " + check.kind + " " + check.name;
}

constexpr const char* criteria[]{"",
                                 "verify_criterion_1",
                                 "verify_criterion_2",
                                 "verify_criterion_3",
                                 "verify_criterion_4",
                                 "verify_criterion_5",
                                 "verify_criterion_6",
                                 "verify_criterion_7",
                                 "verify_criterion_8",
                                 "verify_criterion_9"};
constexpr const char* behaviour = "verify_behaviour";
constexpr const char* enhancements = "verify_enhancements";

// Another text for a function, made from its own.
std::string rewritten(const std::string& function, const std::string& from, const std::string& to) {
  return "DO $x$ BEGIN EXECUTE replace(pg_get_functiondef('" + function + "'::regprocedure), $y$" + from +
         "$y$, $y$" + to + "$y$); END $x$";
}

// On the newest month's table of ratings.
std::string of_a_month(const std::string& sql) {
  return "DO $x$ BEGIN EXECUTE format($y$" + sql +
         "$y$, (SELECT max(child) FROM diary.partition WHERE parent = 'ratings')); END $x$";
}

// A function that does nothing, in place of a trigger's.
std::string silenced(const std::string& function) {
  return "CREATE OR REPLACE FUNCTION " + function +
         " RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END'";
}

std::string kind_of(const std::string& line) {
  const auto start = line.find(' ') + 1;
  return line.substr(start, line.find(' ', start) - start);
}

// Of a kind, as the file of its list is named.
std::string plural(const std::string& kind) {
  if (kind == "index") return "_indexes";
  if (kind == "policy") return "_policies";
  return "_" + kind + "s";
}

class VerifySabotage : public SchemaTest {
 protected:
  void SetUp() override {
    seed = segment("LINESTRING(-75.16 39.95,-75.161 39.95)");
    owner.exec("INSERT INTO diary.ratings (segment_id, user_id, rating, tags) VALUES ($1, $2, 4, '{lit}')",
               {seed, user()});
    owner.exec(
        "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ($1, $2, 4, now() - "
        "interval '40 days')",
        {seed, user()});
    ASSERT_EQ(one("SELECT diary.close_months()"), "1");
    if (one("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'") == "1")
      super.exec("CREATE EXTENSION pgrouting SCHEMA public");
    ASSERT_TRUE(support::eventually([&] { return owner.exec("SELECT audit.seal()").integer(0, 0) > 0; }));
  }

  // `kind`: only the catalog that has these objects.
  std::vector<Check> look(const std::vector<const char*>& scripts, const std::string& kind = {}) {
    VerifyStore store(super);
    std::vector<Check> checks;
    for (const pg::Query& catalog : VerifyStore::catalogs()) {
      if (!kind.empty() && !std::string_view(catalog.name).ends_with(plural(kind))) continue;
      std::ranges::move(store.look(catalog), std::back_inserter(checks));
    }
    for (const pg::Query& script : VerifyStore::scripts()) {
      if (std::ranges::find(scripts, std::string_view(script.name)) == scripts.end()) continue;
      std::ranges::move(store.run(script), std::back_inserter(checks));
    }
    std::ranges::move(judge_criteria(checks), std::back_inserter(checks));
    return checks;
  }

  Lines after(const std::string& sql, const std::vector<const char*>& scripts = {},
              const std::string& kind = {}) {
    const pg::Transaction transaction(super);
    super.exec(sql);
    Lines lines;
    for (const Check& check : look(scripts, kind)) {
      lines[id(check)] = check.status;
      // A criterion counts as seen only when all that it sums up was looked at.
      if (check.status != "ok" && (check.kind != "criterion" || !scripts.empty())) red.insert(id(check));
    }
    return lines;
  }

  void expect_red(const std::string& line, const std::string& sql,
                  const std::vector<const char*>& scripts = {}) {
    SCOPED_TRACE(sql);
    try {
      const auto lines = after(sql, scripts, kind_of(line));
      const auto found = lines.find(line);
      ASSERT_NE(found, lines.end()) << line;
      EXPECT_NE(found->second, "ok") << line;
    } catch (const pg::DbError& e) {
      ADD_FAILURE() << line << ": " << e.what();
    }
  }

  void break_object(const Check& check);
  void break_setting(const Check& check);
  void break_rule(const Check& check);

  std::string seed;
  std::set<std::string> red;
};

std::string table_of(const std::string& name) {
  return name.substr(0, name.find('.', name.find('.') + 1));
}
std::string last_of(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

// Whether some row that the constraint alone forbids is refused.
bool is_tried(const std::vector<Check>& all, const std::string& constraint) {
  return std::ranges::any_of(all, [&](const Check& check) {
    return check.kind == "check" && check.expected.ends_with(" " + constraint);
  });
}

// A view of our own, which comes before the catalog's: the server's settings are others' too.
void VerifySabotage::break_setting(const Check& check) {
  pg::Connection fresh(database.superuser_conninfo());
  fresh.exec("CREATE TEMP VIEW pg_settings AS SELECT name, CASE name WHEN '" + check.name +
             "' THEN '1' ELSE setting END AS setting, unit FROM pg_catalog.pg_settings");
  const pg::Transaction transaction(fresh);
  for (const Check& line : VerifyStore(fresh).look(VerifyStore::catalogs().at(1))) {
    if (id(line) != id(check)) continue;
    EXPECT_EQ(line.status, "note") << line.name;
    red.insert(id(line));
  }
}

void VerifySabotage::break_rule(const Check& check) {
  const std::map<std::string, std::string> ways{
      {"every security definer function pins its search_path, pg_temp last",
       "ALTER FUNCTION audit.seal() RESET search_path"},
      {"PUBLIC may execute nothing", "GRANT EXECUTE ON FUNCTION audit.seal() TO PUBLIC"},
      {"nobody but the owner reads a password hash", "GRANT SELECT ON auth.users TO diary_app"},
      {"nobody but the owner changes an audit row", "GRANT DELETE ON audit.log TO diary_app"},
      {"no trigger of a foreign key is disabled", "ALTER TABLE diary.ratings DISABLE TRIGGER ALL"},
      {"no session begins with its triggers switched off",
       "ALTER ROLE diary_app SET session_replication_role = replica"},
      {"no function of somebody else's is called by a trigger of our tables",
       "CREATE FUNCTION public.theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; ALTER "
       "FUNCTION "
       "public.theirs() OWNER TO diary_app; CREATE TRIGGER theirs BEFORE INSERT ON diary.ratings FOR EACH "
       "ROW EXECUTE "
       "FUNCTION public.theirs()"},
      {"the collations are of the version that the indexes were made with",
       "CREATE TABLE diary.theirs (t text COLLATE \"und-x-icu\"); CREATE INDEX ON diary.theirs (t); UPDATE "
       "pg_collation "
       "SET collversion = '0' WHERE collname = 'und-x-icu'"},
      {"nobody but the owner reaches a month past its open table",
       of_a_month("GRANT SELECT ON diary.%1$I TO diary_analyst")},
      {"the attached months are those of diary.partition",
       of_a_month("ALTER TABLE diary.%1$I NO INHERIT diary.ratings")},
      {"each attached month has the constraints of its open table, and its own",
       of_a_month("ALTER TABLE diary.%1$I DROP CONSTRAINT month")},
      {"each attached month has the indexes of its open table", of_a_month("DROP INDEX diary.%1$s_tags_idx")},
      {"each month has its triggers, enabled",
       of_a_month("ALTER TABLE diary.%1$I DISABLE TRIGGER ratings_live_delete")}};
  ASSERT_TRUE(ways.contains(check.name)) << check.name;
  expect_red(id(check), ways.at(check.name));
}

// By its kind alone, so that whatever is added to the lists is broken too.
void VerifySabotage::break_object(const Check& check) {
  const std::string& name = check.name;
  const std::string alter = "ALTER TABLE " + table_of(name);
  if (check.kind == "extension") {
    expect_red(id(check), "DROP EXTENSION \"" + name + "\" CASCADE");
  } else if (check.kind == "schema") {
    expect_red(id(check), "ALTER SCHEMA " + name + " RENAME TO another");
  } else if (check.kind == "role") {
    const std::string role = name.substr(0, name.find(' '));
    expect_red(id(check), role == name ? "ALTER ROLE " + role + " BYPASSRLS"
                                       : "ALTER TABLE diary.city OWNER TO " + role);
    expect_red(id(check), "ALTER ROLE " + role + " RENAME TO another_" + last_of(database.name()));
  } else if (check.kind == "table" || check.kind == "view") {
    expect_red(id(check), "ALTER TABLE " + name + " RENAME TO another");
  } else if (check.kind == "column") {
    const bool of_a_type =
        one("SELECT relkind FROM pg_class WHERE oid = $1::regclass", {table_of(name)}) == "c";
    expect_red(id(check), of_a_type ? "ALTER TYPE " + table_of(name) + " RENAME ATTRIBUTE " + last_of(name) +
                                          " TO another"
                                    : alter + " RENAME COLUMN " + last_of(name) + " TO another");
    if (check.expected.find(" DEFAULT ") != std::string::npos)
      expect_red(id(check), alter + " ALTER COLUMN " + last_of(name) + " DROP DEFAULT");
  } else if (check.kind == "constraint") {
    expect_red(id(check), alter + " DROP CONSTRAINT " + last_of(name) + " CASCADE",
               {criteria[1], criteria[6]});
  } else if (check.kind == "index") {
    expect_red(id(check), "DROP INDEX " + name);
  } else if (check.kind == "trigger") {
    expect_red(id(check), alter + " DISABLE TRIGGER \"" + last_of(name) + '"');
    expect_red(id(check), "DROP TRIGGER \"" + last_of(name) + "\" ON " + table_of(name));
  } else if (check.kind == "function") {
    const std::string signature = name.find('.') == std::string::npos ? "public." + name : name;
    expect_red(id(check), "ALTER FUNCTION " + signature + " RENAME TO another");
    expect_red(id(check), "DO $x$ DECLARE p pg_proc; BEGIN SELECT * INTO p FROM pg_proc WHERE oid = '" +
                              signature +
                              "'::regprocedure; EXECUTE replace(pg_get_functiondef(p.oid), p.prosrc, "
                              "p.prosrc || ' '); END $x$");
  } else if (check.kind == "policy") {
    expect_red(id(check), "DROP POLICY " + last_of(name) + " ON " + table_of(name));
  } else if (check.kind == "grant") {
    const std::string role = name.substr(0, name.find(' '));
    const std::string object = name.substr(role.size() + 4);
    expect_red(id(check), "REVOKE ALL ON " + std::string(object.ends_with(')') ? "FUNCTION " : "") + object +
                              " FROM " + role);
  } else if (check.kind == "setting") {
    break_setting(check);
  } else if (check.kind == "rule") {
    break_rule(check);
  } else {
    FAIL() << "nothing breaks a " << check.kind;
  }
}

std::vector<std::pair<std::string, std::vector<const char*>>> sabotages(const std::string& seed) {
  return {
      // 1
      {"ALTER TABLE diary.ratings DROP CONSTRAINT unique_rating_per_hour; "
       "ALTER TABLE diary.ratings DISABLE TRIGGER ratings_live_insert",
       {criteria[1]}},
      {"ALTER TABLE diary.votes DROP CONSTRAINT unique_vote_per_day; "
       "ALTER TABLE diary.votes DISABLE TRIGGER votes_live_insert",
       {criteria[1]}},
      {"DROP INDEX auth.idx_users_email", {criteria[1]}},
      // 2
      {"DROP INDEX analytics.idx_segment_agg_id", {criteria[2]}},
      {"DROP INDEX analytics.idx_trend_daily_route", {criteria[2]}},
      {"DROP INDEX analytics.idx_coverage_grid_xy", {criteria[2]}},
      {"ALTER MATERIALIZED VIEW analytics.segment_aggregates RENAME TO former; "
       "CREATE MATERIALIZED VIEW analytics.segment_aggregates AS SELECT * FROM analytics.former WHERE false; "
       "CREATE UNIQUE INDEX ON analytics.segment_aggregates (segment_id)",
       {criteria[2]}},
      {"ALTER MATERIALIZED VIEW analytics.coverage_grid RENAME TO former; "
       "CREATE MATERIALIZED VIEW analytics.coverage_grid AS SELECT * FROM analytics.former LIMIT 10; "
       "CREATE UNIQUE INDEX ON analytics.coverage_grid (x, y)",
       {criteria[2]}},
      {"UPDATE analytics.segment_state SET s = s * 2 WHERE segment_id = '" + seed + "'",
       {criteria[2], behaviour}},
      {rewritten("analytics.route_members()", "NOT m.is_alt", "false"), {criteria[2]}},
      {"REVOKE EXECUTE ON FUNCTION analytics.refresh_view(text, interval) FROM diary_app", {criteria[2]}},
      // 3
      {"DROP INDEX diary.idx_segments_geometry, diary.idx_segments_confidence", {criteria[3]}},
      {"DROP INDEX analytics.idx_segment_agg_geometry", {criteria[3]}},
      // 4
      {"CREATE UNIQUE INDEX ON diary.segments (street) WHERE street LIKE 'Upsert%'; "
       "ALTER TABLE diary.segments DROP CONSTRAINT segments_pkey CASCADE",
       {criteria[4]}},
      {"ALTER TABLE diary.ratings DISABLE TRIGGER ratings_live_insert",
       {criteria[4], criteria[9], behaviour}},
      {"REVOKE EXECUTE ON FUNCTION diary.submit_ratings(json, int), diary.submit_votes(json, int) FROM "
       "diary_app",
       {criteria[4]}},
      // 5
      {"ALTER TABLE diary.segments DROP COLUMN confidence; ALTER TABLE diary.segments ADD confidence numeric "
       "DEFAULT 0.9",
       {criteria[5]}},
      {"ALTER TABLE diary.segments ALTER n_eff DROP NOT NULL", {criteria[5]}},
      // 6 beside the constraints, each of which is dropped
      {"ALTER TABLE diary.ratings DISABLE TRIGGER ratings_live_delete; "
       "ALTER TABLE diary.votes DISABLE TRIGGER votes_live_delete",
       {criteria[6]}},
      {"ALTER TABLE diary.routes DISABLE TRIGGER routes_mirror_segments", {criteria[6], behaviour}},
      // 7
      {"ALTER TABLE diary.segments DISABLE TRIGGER segments_updated_at", {criteria[7]}},
      {"ALTER TABLE diary.routes DISABLE TRIGGER routes_updated_at", {criteria[7]}},
      // 8
      {"ALTER TABLE diary.routes DISABLE ROW LEVEL SECURITY", {criteria[8]}},
      {"ALTER TABLE diary.routes NO FORCE ROW LEVEL SECURITY", {criteria[8]}},
      {"DROP POLICY routes_user_isolation ON diary.routes", {criteria[8]}},
      {"DROP POLICY routes_public_visible ON diary.routes", {criteria[8]}},
      {"GRANT SELECT ON analytics.trend_daily TO diary_app", {criteria[8]}},
      // 9
      {silenced("audit.audit_trigger()"), {criteria[9]}},
      {rewritten("audit.audit_trigger()", "- 'password_hash'", ""), {criteria[9]}},
      {"UPDATE audit.log SET new_data = '{}' WHERE log_id = (SELECT min(log_id) FROM audit.log)",
       {criteria[9]}},
      // beyond
      {"ALTER TABLE diary.segments DISABLE TRIGGER segments_fill_nodes", {behaviour}},
      {"ALTER TABLE diary.segments DISABLE TRIGGER segments_refill_nodes", {behaviour}},
      {rewritten("analytics.ratings_changed()", "1 hour", "2 hours"), {behaviour}},
      {rewritten("analytics.votes_changed()", "24 hours", "48 hours"), {behaviour}},
      {rewritten("analytics.votes_changed()", "AND v.action = n.action", ""), {behaviour}},
      {"ALTER TABLE diary.votes DISABLE TRIGGER votes_live_insert", {behaviour}},
      {"CREATE FUNCTION diary.round_vote() RETURNS trigger LANGUAGE plpgsql AS "
       "'BEGIN NEW.implicit_rating := round(NEW.implicit_rating); RETURN NEW; END'; "
       "CREATE TRIGGER round_vote BEFORE INSERT ON diary.votes FOR EACH ROW EXECUTE FUNCTION "
       "diary.round_vote()",
       {behaviour}},
      {"CREATE OR REPLACE FUNCTION public.calculate_segment_cost(length_m numeric, decayed_mean numeric, "
       "safety_weight numeric DEFAULT 0.5) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT length_m * 9'",
       {behaviour}},
      {"DROP MATERIALIZED VIEW analytics.segment_aggregates CASCADE", {behaviour}},
      {"GRANT INSERT, UPDATE, DELETE ON diary.ratings TO diary_app; GRANT SELECT ON auth.users TO diary_app; "
       "GRANT CREATE ON SCHEMA diary TO diary_app",
       {behaviour}},
      {"ALTER TABLE diary.segments DISABLE TRIGGER segments_live_insert", {behaviour}},
      {"CREATE OR REPLACE FUNCTION analytics.sync_segments(p_since pg_snapshot DEFAULT NULL) RETURNS "
       "pg_snapshot LANGUAGE sql AS "
       "'SELECT p_since'",
       {behaviour}},
      // section 12
      {"CREATE OR REPLACE FUNCTION diary.nearest_node(p_lng float8, p_lat float8) RETURNS bigint LANGUAGE "
       "sql "
       "AS 'SELECT 0'; "
       "UPDATE diary.partition SET detached_at = now()",
       {enhancements}},
      {rewritten("analytics.clusters(int, float8, float8, float8, float8)", "LEAST(p_k, v_places)::int",
                 "3 - p_k"),
       {enhancements}},
      {rewritten("analytics.coverage(float8, float8, float8, float8, float8)",
                 "CASE WHEN home THEN n_samples ELSE 0 END", "n_samples + 1"),
       {enhancements}},
      {rewritten("diary.search_comments(text, int, timestamptz, uuid)", "websearch_to_tsquery('english'",
                 "websearch_to_tsquery('simple'"),
       {enhancements}},
      {rewritten("diary.search_streets(text, int)", "%> v_name", "= v_name"), {enhancements}},
      {"DELETE FROM diary.closed_ratings", {enhancements}},
      {rewritten("diary.close_months(int)", "diary.close_some('ratings', v_before, p_limit)", "p_limit"),
       {enhancements}},
      {rewritten("diary.submit_ratings(json, int)", "c ON c.id = r.rating_id", "c ON false"), {enhancements}},
      {"ALTER TABLE diary.ratings DISABLE TRIGGER ratings_know_closed", {enhancements}},
      {rewritten("diary.know_closed_rating()", "c.user_id, c.segment_id,", "NEW.user_id, NEW.segment_id,"),
       {enhancements}},
      {"ALTER TABLE diary.ratings DISABLE TRIGGER ratings_live_insert", {enhancements}},
  };
}

TEST_F(VerifySabotage, EachOfItsLinesIsSeenRed) {
  std::vector<Check> all;
  {
    const pg::Transaction transaction(super);
    all = look({criteria[1], criteria[2], criteria[3], criteria[4], criteria[5], criteria[6], criteria[7],
                criteria[8], criteria[9], behaviour, enhancements});
  }
  for (const Check& check : all) {
    const bool of_the_cluster = check.kind == "setting";  // small and without an archive, for tests
    const bool of_the_dump = check.name.starts_with("10 ");
    const bool not_installed = check.status == "skipped" && check.evidence.starts_with("the extension ");
    EXPECT_TRUE(check.status == "ok" || of_the_cluster || of_the_dump || not_installed)
        << id(check) << ": " << check.evidence;
    if (not_installed) red.insert(id(check));
    if (check.kind != "check" && check.kind != "criterion") break_object(check);
  }
  for (const auto& [sql, scripts] : sabotages(seed)) {
    SCOPED_TRACE(sql);
    const auto before = red.size();
    const auto lines = after(sql, scripts);
    const auto is_red = [](const auto& line) {
      return line.first.find(" check ") != std::string::npos && is_bad(line.second);
    };
    EXPECT_TRUE(std::ranges::any_of(lines, is_red)) << "nothing was noticed; seen before: " << before;
  }
  for (const Check& check : all)
    EXPECT_TRUE(check.kind != "constraint" || is_tried(all, last_of(check.name))) << id(check);
  for (const Check& check : all) EXPECT_TRUE(red.contains(id(check))) << "never seen red: " << id(check);
}

// Beyond what is asked for: harmless objects are told, more rights are wrong.
TEST_F(VerifySabotage, WhatIsNotListedIsTold) {
  const auto lines = after(
      "CREATE TABLE diary.mine (x int CONSTRAINT positive CHECK (x > 0)); CREATE INDEX mine_x ON diary.mine "
      "(x); "
      "CREATE VIEW analytics.mine AS SELECT 1 AS x; "
      "CREATE FUNCTION diary.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
      "CREATE TRIGGER mine BEFORE INSERT ON diary.city FOR EACH ROW EXECUTE FUNCTION diary.mine()");
  for (const char* extra :
       {"table diary.mine", "column diary.mine.x", "constraint diary.mine.positive", "index diary.mine_x",
        "view analytics.mine", "function diary.mine()", "trigger diary.city.mine"}) {
    const auto line = lines.find(std::string(" ") + extra);
    ASSERT_NE(line, lines.end()) << extra;
    EXPECT_EQ(line->second, "extra") << extra;
  }
  EXPECT_EQ(after("CREATE POLICY open ON diary.routes USING (true)")[" policy diary.routes.open"], "wrong");
  EXPECT_EQ(after("GRANT DELETE ON diary.votes TO diary_app")["10.1 grant diary_app on diary.votes"],
            "wrong");
  EXPECT_EQ(after("GRANT SELECT ON diary.votes TO PUBLIC")[" grant public on diary.votes"], "wrong");
}

TEST_F(VerifySabotage, AnotherDefinitionIsWrong) {
  const auto expect_wrong = [&](const char* sql, const char* line) {
    const auto lines = after(sql);
    ASSERT_TRUE(lines.contains(line)) << line;
    EXPECT_EQ(lines.at(line), "wrong") << sql;
  };
  expect_wrong("ALTER TABLE diary.routes NO FORCE ROW LEVEL SECURITY", "3.4 table diary.routes");
  expect_wrong("ALTER VIEW analytics.route_trend RESET (security_invoker)", "4.2 view analytics.route_trend");
  expect_wrong("ALTER TABLE diary.segments ALTER n_eff DROP NOT NULL", "3.1 column diary.segments.n_eff");
  expect_wrong("ALTER TABLE diary.ratings ALTER comment TYPE varchar(600)",
               "3.2 column diary.ratings.comment");
  expect_wrong(
      "ALTER TABLE diary.routes DROP CONSTRAINT routes_avg_safety_check; "
      "ALTER TABLE diary.routes ADD CONSTRAINT routes_avg_safety_check CHECK (avg_safety BETWEEN 1 AND 6)",
      "3.4 constraint diary.routes.routes_avg_safety_check");
  expect_wrong(
      "ALTER TABLE diary.routes DROP CONSTRAINT routes_duration_min_check; "
      "ALTER TABLE diary.routes ADD CONSTRAINT routes_duration_min_check CHECK (duration_min > 0) NOT VALID",
      "3.4 constraint diary.routes.routes_duration_min_check");
  expect_wrong(
      "DROP INDEX diary.idx_ratings_recent; CREATE INDEX idx_ratings_recent ON diary.ratings (segment_id)",
      "3.2 index diary.idx_ratings_recent");
  expect_wrong("ALTER POLICY routes_user_isolation ON diary.routes USING (true)",
               "10.1 policy diary.routes.routes_user_isolation");
  expect_wrong("ALTER FUNCTION audit.seal() SECURITY INVOKER", "10.2 function audit.seal()");
}

class DumpSabotage : public SchemaTest {
 protected:
  std::map<std::string, std::string> statuses() {
    std::map<std::string, std::string> found;
    for (const Check& check : check_dump(database.superuser_conninfo())) found[check.name] = check.status;
    return found;
  }
  static constexpr const char* dumped = "a dump of everything is taken";
  static constexpr const char* restored = "it restores without an error";
  static constexpr const char* same = "every table has the same rows again";
};

TEST_F(DumpSabotage, AWholeDatabaseComesBack) {
  owner.exec(
      "INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) SELECT $1, $2, 4, now() - "
      "interval "
      "'20 days' * i FROM generate_series(0, 5) i",
      {segment(), user()});
  ASSERT_GT(std::stoi(one("SELECT diary.close_months()")), 3);
  EXPECT_EQ(statuses(), (std::map<std::string, std::string>{{dumped, "ok"}, {restored, "ok"}, {same, "ok"}}));
  EXPECT_EQ(one("SELECT count(*) FROM pg_database WHERE datname LIKE 'diary_verify_%'"), "0");
}

TEST_F(DumpSabotage, NothingCanBeDumped) {
  super.exec("CREATE SCHEMA lost; CREATE TABLE lost.t (); DELETE FROM pg_namespace WHERE nspname = 'lost'");
  EXPECT_EQ(statuses(),
            (std::map<std::string, std::string>{{dumped, "failed"}, {restored, "failed"}, {same, "failed"}}));
}

TEST_F(DumpSabotage, RowsThatAreRefused) {
  super.exec(
      "SET of.mine = 'on'; ALTER TABLE diary.city ADD CHECK (COALESCE(current_setting('of.mine', true), '') "
      "= 'on')");
  EXPECT_EQ(statuses(),
            (std::map<std::string, std::string>{{dumped, "ok"}, {restored, "failed"}, {same, "failed"}}));
}

TEST_F(DumpSabotage, RowsThatComeBackDifferent) {
  super.exec(
      "CREATE FUNCTION public.lie() RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN random()::text; "
      "END'; "
      "ALTER TABLE diary.city ADD lie text GENERATED ALWAYS AS (public.lie()) STORED");
  EXPECT_EQ(statuses(),
            (std::map<std::string, std::string>{{dumped, "ok"}, {restored, "ok"}, {same, "wrong"}}));
}

TEST(Criteria, AreTheSumOfTheirChecks) {
  const auto sum = [](const std::vector<Check>& checks) { return judge_criteria(checks).at(9); };
  EXPECT_EQ(sum({}).status, "missing");
  EXPECT_EQ(sum({{"11.10", "check", "a", "ok", "", ""}}).status, "ok");
  EXPECT_EQ(
      sum({{"11.10", "check", "a", "ok", "", ""}, {"11.10", "check", "b", "skipped", "why", ""}}).status,
      "skipped");
  const auto worst =
      sum({{"11.10", "check", "a", "skipped", "why", ""}, {"11.10", "check", "b", "failed", "bad", ""}});
  EXPECT_EQ(worst.status, "wrong");
  EXPECT_EQ(worst.evidence, "0 of 2 checks hold; b: bad");
}

}  // namespace
}  // namespace diary::test
