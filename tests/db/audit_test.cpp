// SPDX-License-Identifier: Apache-2.0
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

class Audit : public SchemaTest {
 protected:
  // "table operation owner? actor? old? new?" of the last entry, with the two users by name.
  std::string last(const std::string& a, const std::string& b = "") {
    return one(
        "SELECT concat_ws(' ', table_name, operation, CASE user_id::text WHEN $1 THEN 'A' WHEN $2 THEN 'B' "
        "ELSE "
        "coalesce(user_id::text, '-') END, 'by', CASE actor_id::text WHEN $1 THEN 'A' WHEN $2 THEN 'B' ELSE "
        "coalesce(actor_id::text, '-') END, CASE WHEN old_data IS NULL THEN '-' ELSE 'old' END, "
        "CASE WHEN new_data IS NULL THEN '-' ELSE 'new' END) FROM audit.log ORDER BY log_id DESC LIMIT 1",
        {a, b});
  }
  void act(const std::string& as, const std::string& sql, const pg::Params& params = {}) {
    pg::Transaction transaction(owner);
    owner.exec("SELECT set_config('app.user_id', $1, true)", {as});
    owner.exec(sql, params);
    transaction.commit();
  }
  // All that is over is sealed.
  bool sealed() {
    return support::eventually([&] {
      owner.exec("SELECT audit.seal()");
      // Transactions of other databases, too, hold back what counts as over: there may be no batch yet.
      return one("SELECT count(*) FROM audit.log WHERE txid >= "
                 "coalesce((SELECT max(upto_txid) FROM audit.batch), '0')") == "0";
    });
  }
  std::string broken() {
    return one("SELECT coalesce(string_agg(b::text, ','), '') FROM audit.broken_batches() b");
  }
};

TEST_F(Audit, RatingsAndVotes) {
  const auto a = user();
  const auto b = user();
  const auto where = segment();
  act(a, "INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 3)", {where, a});
  EXPECT_EQ(last(a, b), "diary.ratings INSERT A by A - new");
  act(b, "UPDATE diary.ratings SET status = 'rejected'");
  EXPECT_EQ(last(a, b), "diary.ratings UPDATE A by B old new");
  EXPECT_EQ(one("SELECT (old_data ->> 'status') || ' ' || (new_data ->> 'status') FROM audit.log ORDER BY "
                "log_id DESC LIMIT 1"),
            "accepted rejected");
  owner.exec("DELETE FROM diary.ratings");
  EXPECT_EQ(last(a, b), "diary.ratings DELETE A by - old -");
  act(a, "INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) VALUES ($1, $2, 'agree', 3)",
      {where, a});
  EXPECT_EQ(last(a, b), "diary.votes INSERT A by A - new");
  act(a, "UPDATE diary.votes SET implicit_rating = 4");
  EXPECT_EQ(last(a, b), "diary.votes UPDATE A by A old new");
  act(b, "DELETE FROM diary.votes");
  EXPECT_EQ(last(a, b), "diary.votes DELETE A by B old -");
}

TEST_F(Audit, Routes) {
  const auto a = user();
  const auto where = segment();
  act(a,
      "INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min) "
      "VALUES ($1, 'Home', ARRAY[$2], ST_GeomFromText('LINESTRING(10 50,10.001 50)', 4326), 70, 1)",
      {a, where});
  EXPECT_EQ(last(a), "diary.routes INSERT A by A - new");
  act(a, "UPDATE diary.routes SET is_public = true");
  EXPECT_EQ(last(a), "diary.routes UPDATE A by A old new");
  act(a, "DELETE FROM diary.routes");
  EXPECT_EQ(last(a), "diary.routes DELETE A by A old -");
}

TEST_F(Audit, UsersWithoutTheirPasswords) {
  const auto a = user();
  EXPECT_EQ(last(a), "auth.users INSERT A by - - new");
  act(a, "UPDATE auth.users SET password_hash = '$2b$04$another', display_name = 'Else' WHERE user_id = $1",
      {a});
  EXPECT_EQ(last(a), "auth.users UPDATE A by A old new");
  act(a, "DELETE FROM auth.users WHERE user_id = $1", {a});
  EXPECT_EQ(last(a), "auth.users DELETE A by A old -");
  EXPECT_EQ(one("SELECT count(*) FROM audit.log l WHERE l::text LIKE '%$2b$%' OR l::text LIKE '%password%'"),
            "0");
}

TEST_F(Audit, ACascadeLeavesItsTrace) {
  const auto a = user();
  owner.exec("INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ($1, $2, 3)", {segment(), a});
  owner.exec("DELETE FROM auth.users WHERE user_id = $1", {a});
  EXPECT_EQ(
      one("SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM audit.log WHERE operation = 'DELETE'"),
      "auth.users diary.ratings");
}

TEST_F(Audit, Truncations) {
  for (const char* table : {"diary.ratings", "diary.votes", "diary.routes"}) {
    owner.exec(std::string("TRUNCATE ") + table + " CASCADE");
    EXPECT_EQ(one("SELECT count(*) FROM audit.log WHERE operation = 'TRUNCATE' AND table_name = $1",
                  {table}) == "0",
              false)
        << table;
  }
  owner.exec("TRUNCATE auth.users CASCADE");
  EXPECT_EQ(one("SELECT count(*) FROM audit.log WHERE operation = 'TRUNCATE' AND table_name = 'auth.users'"),
            "1");
}

TEST_F(Audit, AnActorThatIsNoUserIsNobody) {
  const auto a = user();
  for (const char* nobody : {"", "x", "user_12345", "00000000-0000-0000-0000-00000000000"}) {
    act(nobody, "UPDATE auth.users SET display_name = display_name || '!' WHERE user_id = $1", {a});
    EXPECT_EQ(last(a), "auth.users UPDATE A by - old new") << nobody;
  }
}

TEST_F(Audit, TamperingShows) {
  const auto a = user();
  for (int i = 0; i < 3; ++i) {
    act(a, "UPDATE auth.users SET display_name = $2 WHERE user_id = $1", {a, "n" + std::to_string(i)});
    ASSERT_TRUE(sealed());
  }
  EXPECT_EQ(broken(), "");
  const auto tampered = [&](const std::string& sql) {
    pg::Transaction undone(super);
    super.exec(sql);
    return broken();
  };
  const std::string last_batch = one("SELECT max(batch_id) FROM audit.batch");
  ASSERT_NE(last_batch, "");
  EXPECT_EQ(tampered("UPDATE audit.log SET new_data = new_data || '{\"display_name\": \"other\"}' WHERE "
                     "log_id = (SELECT max(log_id) FROM audit.log)"),
            last_batch);
  EXPECT_EQ(
      tampered("UPDATE audit.log SET actor_id = NULL WHERE log_id = (SELECT max(log_id) FROM audit.log)"),
      last_batch);
  EXPECT_EQ(tampered("DELETE FROM audit.log WHERE log_id = (SELECT max(log_id) FROM audit.log)"), last_batch);
  EXPECT_EQ(tampered("INSERT INTO audit.log (table_name, operation, txid) SELECT 'diary.ratings', 'DELETE', "
                     "txid FROM audit.log "
                     "ORDER BY log_id DESC LIMIT 1"),
            last_batch);
  EXPECT_EQ(tampered("DELETE FROM audit.batch WHERE batch_id = (SELECT max(batch_id) - 1 FROM audit.batch)"),
            last_batch)
      << "the chain has a gap";
  EXPECT_NE(tampered("UPDATE audit.batch SET hash = sha256('x') WHERE batch_id = (SELECT min(batch_id) FROM "
                     "audit.batch)"),
            "");
  EXPECT_EQ(broken(), "");
}

TEST_F(Audit, TheServersRoleCanOnlySeal) {
  auto server = app();
  EXPECT_EQ(refusal(server, "SELECT audit.seal()"), "");
  for (const char* sql : {"SELECT * FROM audit.log", "DELETE FROM audit.log",
                          "INSERT INTO audit.log (table_name, operation) VALUES ('x', 'INSERT')",
                          "DELETE FROM audit.batch", "SELECT audit.broken_batches()"})
    EXPECT_EQ(refusal(server, sql), "42501") << sql;
}

}  // namespace
}  // namespace diary::test
