// SPDX-License-Identifier: Apache-2.0
// What is sealed while transactions come and go. What is logged, and what tampering shows, is
// db/tests/audit.sql.
#include "db/schema_test.hpp"

namespace diary::test {
namespace {

class Audit : public SchemaTest {
 protected:
  std::string unsealed() {
    return one(
        "SELECT count(*) FROM audit.log WHERE txid >= coalesce((SELECT max(upto_txid) FROM audit.batch), "
        "'0')");
  }
  // Transactions of other databases, too, hold back what counts as over.
  bool seals_all_but(const std::string& rows) {
    return support::eventually([&] {
      owner.exec("SELECT audit.seal()");
      return unsealed() == rows;
    });
  }
  std::string broken(const std::string& id = "", const std::string& hash = "") {
    return one(
        "SELECT coalesce(string_agg(b::text, ','), '') "
        "FROM audit.broken_batches(nullif($1, '')::bigint, nullif($2, '')::bytea) b",
        {id, hash});
  }
};

TEST_F(Audit, SealsWhatIsOver) {
  const auto a = user();
  ASSERT_TRUE(seals_all_but("0"));
  const auto id = one("SELECT batch_id FROM audit.head()");
  const auto hash = one("SELECT hash FROM audit.head()");

  pg::Connection other(database.owner_conninfo());
  pg::Transaction open(other);
  other.exec("UPDATE auth.users SET display_name = 'Open' WHERE user_id = $1", {a});
  user();
  owner.exec("SELECT audit.seal()");
  EXPECT_EQ(unsealed(), "1") << "a later transaction waits for the one that is still open";
  open.commit();
  ASSERT_TRUE(seals_all_but("0"));
  EXPECT_EQ(one("SELECT sum(row_count) = (SELECT count(*) FROM audit.log) FROM audit.batch"), "t");
  EXPECT_EQ(broken(id, hash), "");

  const pg::Transaction undone(super);
  super.exec("DELETE FROM audit.log WHERE txid >= (SELECT from_txid FROM audit.batch WHERE batch_id = $1)",
             {id});
  super.exec("DELETE FROM audit.batch WHERE batch_id >= $1", {id});
  EXPECT_EQ(broken(), "") << "the chain itself cannot tell that its end is missing";
  EXPECT_EQ(broken(id, hash), id);
}

// Old rows go, the chain goes on, and what is left is still held against it.
TEST_F(Audit, LetsGoOfWhatIsOld) {
  user();
  ASSERT_TRUE(seals_all_but("0"));
  user();
  ASSERT_TRUE(seals_all_but("0"));
  user();
  ASSERT_TRUE(seals_all_but("0"));
  EXPECT_EQ(refusal(owner, "SELECT audit.let_go('27 days')"), "22023");
  EXPECT_EQ(refusal(owner, "SELECT audit.let_go(NULL)"), "22023");
  EXPECT_EQ(one("SELECT audit.let_go('1 month')"), "0");
  super.exec(
      "UPDATE audit.batch SET sealed_at = sealed_at - interval '40 days' WHERE batch_id < (SELECT "
      "max(batch_id) FROM "
      "audit.batch)");
  const auto left = one("SELECT row_count FROM audit.batch ORDER BY batch_id DESC LIMIT 1");
  EXPECT_NE(one("SELECT audit.let_go('1 month', 1)"), "0");
  EXPECT_EQ(broken(), "") << "half way";
  while (one("SELECT audit.let_go('1 month')") != "0") {
  }
  EXPECT_EQ(one("SELECT count(*) FROM audit.log"), left);
  EXPECT_EQ(broken(), "");
  EXPECT_EQ(one("SELECT count(*) FROM analytics.health WHERE doubt = 'audit'"), "0");
  const auto changed = [&](const std::string& sql) {
    const pg::Transaction undone(super);
    super.exec(sql);
    return broken();
  };
  EXPECT_NE(changed("UPDATE audit.log SET new_data = '{}'"), "") << "what is left";
  EXPECT_NE(changed("INSERT INTO audit.log (table_name, operation, txid) SELECT 'x', 'INSERT', "
                    "upto_txid::text::xid8 FROM "
                    "(SELECT min(from_txid) AS upto_txid FROM audit.batch WHERE from_txid > '0') f"),
            "")
      << "a row put where there are none any more";
  EXPECT_NE(
      changed(
          "UPDATE audit.batch SET let_go_at = NULL WHERE batch_id = (SELECT min(batch_id) FROM audit.batch)"),
      "");
  EXPECT_NE(changed("UPDATE audit.batch SET let_go_at = now() WHERE batch_id = (SELECT max(batch_id) FROM "
                    "audit.batch); "
                    "DELETE FROM audit.log WHERE log_id = (SELECT max(log_id) FROM audit.log)"),
            "");
}

}  // namespace
}  // namespace diary::test
