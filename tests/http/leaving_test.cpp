// SPDX-License-Identifier: Apache-2.0
// Taking one's data along, and leaving nothing of it behind: held against the catalog, so that a table that
// comes later is not forgotten.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

// Words that stand nowhere but in this person's data.
struct Traces {
  std::string name = "Name " + Uuid::random().text();
  std::string avatar = "https://example.org/" + Uuid::random().text();
  std::string comment = "Comment " + Uuid::random().text();
  std::string old_comment = "Comment " + Uuid::random().text();
  std::string route = "Route " + Uuid::random().text();
};

// Tables with a column that says whose a row is: by a foreign key, or by its name. Those of the months too.
struct Holder {
  std::string table;
  std::string column;
};
std::vector<Holder> holders() {
  const auto rows = world().owner.exec(
      "SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname) "
      "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = "
      "c.relnamespace "
      "WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind IN ('r', 'p') "
      "AND a.attnum > 0 AND NOT a.attisdropped AND (a.attname ~ "
      "'(^|_)(user|actor|author|owner|moderator)(_id)?$' "
      "OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' "
      "AND k.confrelid = 'auth.users'::regclass AND a.attnum = ANY (k.conkey))) ORDER BY 1, 2",
      {});
  std::vector<Holder> all;
  for (int i = 0; i < rows.size(); ++i) all.push_back({rows.str(i, 0), rows.str(i, 1)});
  return all;
}

class Leaving : public testing::Test {
 protected:
  static std::string count(const Holder& holder, const std::string& user_id) {
    return world().one(
        "SELECT count(*) FROM ONLY " + holder.table + " WHERE " + holder.column + "::text = $1", {user_id});
  }

  // One row at least in every kind of place: the open tables, a closed month, a month that was let go.
  void fill() {
    auto client = world().client(person);
    const std::string segment = world().segment();
    const auto fine = [](const Answer& answer, unsigned status) {
      EXPECT_EQ(answer.status, status) << answer.body;
    };
    fine(client.send(
             "PATCH", api::me,
             json::serialize(json::object{{"display_name", traces.name}, {"avatar_url", traces.avatar}}),
             {{"Content-Type", "application/json"}}),
         200);
    fine(client.post(
             "/api/v1/diary/ratings",
             {{"segment_id", segment}, {"rating", 2}, {"comment", traces.comment}, {"tags", {"dark"}}}),
         201);
    fine(client.post("/api/v1/diary/votes", {{"segment_id", segment}, {"action", "safer"}}), 201);
    const auto regretted =
        client.post("/api/v1/diary/ratings", {{"segment_id", world().segment()}, {"rating", 1}});
    fine(regretted, 201);
    fine(client.send("DELETE", "/api/v1/diary/ratings/" + text_of(regretted.json().at("rating_id"))), 204);
    world().owner.exec(
        "INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min) "
        "VALUES "
        "($1, $2, ARRAY[$3], 'SRID=4326;LINESTRING(10 50,10.001 50)', 70, 1)",
        {person.user_id, traces.route, segment});
    for (const char* age : {"2 months", "13 months"}) {
      world().owner.exec(
          "INSERT INTO diary.ratings (segment_id, user_id, rating, comment, submitted_at) VALUES "
          "($1, $2, 4, $3, now() - $4::interval)",
          {segment, person.user_id, traces.old_comment, age});
      world().owner.exec(
          "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at) VALUES "
          "($1, $2, 'agree', 3, now() - $3::interval)",
          {segment, person.user_id, age});
    }
    let_go_of_the_oldest();
    const auto answer =
        world().client().post("/api/v1/auth/login", {{"email", person.email}, {"password", "correct horse"}});
    fine(world().client(text_of(answer.json().at("access_token"))).post("/api/v1/auth/logout", {}), 204);
    // A moderator's deed: the row is another's, the actor this person; and the other way round.
    const auto other = world().person();
    world().owner.exec(
        "INSERT INTO audit.log (table_name, operation, user_id, actor_id, new_data) VALUES "
        "('diary.ratings', 'UPDATE', $1, $2, '{\"comment\": \"of another\"}'), "
        "('diary.ratings', 'UPDATE', $2, $1, jsonb_build_object('comment', $3::text))",
        {other.user_id, person.user_id, traces.old_comment});
  }
  static void let_go_of_the_oldest() {
    EXPECT_TRUE(support::eventually([] {
      world().owner.exec("SELECT diary.close_months()");
      world().owner.exec("SELECT analytics.advance_windows(100000)");
      world().owner.exec("SELECT diary.detach_months('9 months')");
      return world().one("SELECT count(*) FROM diary.partition WHERE detached_at IS NOT NULL") == "2";
    }));
  }

  Traces traces;
  Person person = world().person();
};

TEST_F(Leaving, TheExportHoldsEveryRowAndDeletionLeavesNone) {
  fill();
  const auto answer = world().client(person).get("/api/v1/me/export");
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(answer.header("content-disposition"), "attachment; filename=\"route-safety-diary.json\"");
  const auto body = answer.json();
  EXPECT_EQ(members(body), (std::set<std::string>{"exported_at", "account", "ratings", "votes", "routes",
                                                  "revoked_tokens", "audit_log", "withdrawn_ratings"}));
  EXPECT_EQ(text_of(body.at("account").at("email")), person.email);
  EXPECT_EQ(text_of(body.at("account").at("display_name")), traces.name);
  EXPECT_EQ(body.at("ratings").as_array().size(), 3U);
  EXPECT_EQ(body.at("votes").as_array().size(), 3U);
  EXPECT_EQ(body.at("withdrawn_ratings").as_array().size(), 1U);
  EXPECT_EQ(body.at("routes").at(0).at("geometry").at("type"), "LineString");
  EXPECT_EQ(answer.body.find("$2b$"), std::string::npos);
  EXPECT_EQ(answer.body.find("of another"), std::string::npos) << "what the rows of others say is theirs";
  for (const std::string& trace :
       {traces.name, traces.avatar, traces.comment, traces.old_comment, traces.route})
    EXPECT_NE(answer.body.find(trace), std::string::npos) << trace;

  const auto places = holders();
  EXPECT_GE(places.size(), 11U) << "the catalog was read";
  for (const Holder& holder : places) {
    SCOPED_TRACE(holder.table + "." + holder.column);
    if (holder.table.find("_p2") == std::string::npos) {  // months without a row are fine, others are not
      EXPECT_NE(count(holder, person.user_id), "0") << "give the person a row there, in fill()";
    }
    const auto keys = world().owner.exec(
        "SELECT value FROM " + holder.table + " t, jsonb_each_text(to_jsonb(t)) WHERE " + holder.column +
            "::text = $1 AND key IN (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
            "i.indrelid "
            "AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND i.indrelid = $2::regclass)",
        {person.user_id, holder.table});
    for (int i = 0; i < keys.size(); ++i)
      EXPECT_NE(answer.body.find(keys.str(i, 0)), std::string::npos) << "the export lacks " << keys.str(i, 0);
  }

  const auto gone = world().client(person).send("DELETE", api::me, R"({"password":"correct horse"})",
                                                {{"Content-Type", "application/json"}});
  EXPECT_EQ(gone.status, 204U) << gone.body;
  for (const Holder& holder : places) {
    if (holder.table == "audit.log") continue;
    EXPECT_EQ(count(holder, person.user_id), "0") << holder.table;
  }
  const auto tables = world().owner.exec(
      "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace "
      "WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind IN ('r', 'p', 'm')");
  for (int i = 0; i < tables.size(); ++i) {
    for (const std::string& trace :
         {person.email, traces.name, traces.avatar, traces.comment, traces.old_comment, traces.route})
      EXPECT_EQ(world().one("SELECT count(*) FROM " + tables.str(i, 0) + " t WHERE strpos(t::text, $1) > 0",
                            {trace}),
                "0")
          << tables.str(i, 0) << " still says " << trace;
  }
  EXPECT_EQ(world().one("SELECT count(*) FROM analytics.drift"), "0");
}

TEST_F(Leaving, TheDeletionIsAuditedAndTheChainHolds) {
  fill();
  EXPECT_TRUE(support::eventually([&] {
    world().owner.exec("SELECT audit.seal()");
    return world().one(
               "SELECT count(*) FROM audit.log WHERE user_id = $1 AND txid >= (SELECT max(upto_txid) FROM "
               "audit.batch)",
               {person.user_id}) == "0";
  }));
  ASSERT_EQ(
      world()
          .client(person)
          .send("DELETE", api::me, R"({"password":"correct horse"})", {{"Content-Type", "application/json"}})
          .status,
      204U);
  EXPECT_EQ(world().one("SELECT count(*) FROM audit.log WHERE user_id = $1 AND table_name = 'auth.users' AND "
                        "operation = 'DELETE' AND actor_id = $1",
                        {person.user_id}),
            "1");
  EXPECT_EQ(world().one("SELECT count(*) FROM audit.log WHERE user_id = $1 AND table_name <> 'audit.log' AND "
                        "(old_data IS NOT NULL OR new_data IS NOT NULL)",
                        {person.user_id}),
            "0");
  EXPECT_EQ(
      world().one("SELECT (new_data ->> 'erased')::int = (SELECT count(*) FROM audit.erased JOIN audit.log "
                  "USING (log_id) WHERE user_id = $1) FROM audit.log WHERE table_name = 'audit.log' AND "
                  "user_id = $1",
                  {person.user_id}),
      "t");
  world().owner.exec("SELECT audit.seal()");
  EXPECT_EQ(world().one("SELECT count(*) FROM audit.broken_batches()"), "0");
}

TEST_F(Leaving, TakesThePassword) {
  const auto leave = [&](const std::string& body, const Headers& headers) {
    return world().client(person).send("DELETE", api::me, body, headers);
  };
  const Headers json_type{{"Content-Type", "application/json"}};
  expect_problem(leave("", {}), 400, "malformed");
  expect_problem(leave("{}", json_type), 400, "validation_error", "password");
  expect_problem(leave(R"({"password":7})", json_type), 400, "validation_error", "password");
  expect_problem(leave(R"({"password":"correct horse","really":true})", json_type), 400, "validation_error",
                 "really");
  expect_problem(leave(R"({"password":"correct horse"})", {{"Content-Type", "text/plain"}}), 415,
                 "unsupported_media_type");
  expect_problem(leave(R"({"password":"wrong horse"})", json_type), 403, "forbidden");
  expect_problem(world().client().send("DELETE", api::me, R"({"password":"correct horse"})", json_type), 401,
                 "unauthorized");
  EXPECT_EQ(world().client(person).get(api::me).status, 200U);
  EXPECT_EQ(leave(R"({"password":"correct horse"})", json_type).status, 204U);
  expect_problem(leave(R"({"password":"correct horse"})", json_type), 401, "unauthorized");
  EXPECT_EQ(world()
                .client()
                .post("/api/v1/auth/register", {{"email", person.email}, {"password", "correct horse"}})
                .status,
            201U)
      << "the address is free again";
}

TEST_F(Leaving, TheExportOfSomebodyNewIsShort) {
  const auto body = world().client(person).get("/api/v1/me/export").json();
  EXPECT_TRUE(body.at("ratings").as_array().empty());
  EXPECT_TRUE(body.at("votes").as_array().empty());
  EXPECT_TRUE(body.at("routes").as_array().empty());
  EXPECT_TRUE(body.at("revoked_tokens").as_array().empty());
  EXPECT_EQ(body.at("audit_log").as_array().size(), 1U);
  EXPECT_EQ(body.at("audit_log").at(0).at("about"), "you");
  EXPECT_EQ(body.at("audit_log").at(0).at("by"), "nobody");
  expect_problem(world().client().get("/api/v1/me/export"), 401, "unauthorized");
}

}  // namespace
}  // namespace diary::http::test
