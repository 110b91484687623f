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

}  // namespace
}  // namespace diary::test
