// SPDX-License-Identifier: Apache-2.0
#pragma once

// Holds a database against db/queries/verify: the catalogs against lists of what should be there, and scripts
// that try what the schema promises. Works in the caller's transaction; what a script does is undone when it
// returns. Refuses nothing and throws nothing that the database says: that becomes a line.

#include <optional>
#include <string>
#include <vector>

#include "domain/check.hpp"
#include "pg/connection.hpp"
#include "pg/query.hpp"

namespace diary {

class VerifyStore {
 public:
  explicit VerifyStore(pg::Connection& connection) : connection_(connection) {}

  // The criteria of the specification's section 11 that a script can try, then what is promised beyond.
  [[nodiscard]] static std::vector<pg::Query> scripts();

  // The lists of what should be in the catalogs, a kind each.
  [[nodiscard]] static std::vector<pg::Query> catalogs();

  [[nodiscard]] std::vector<Check> look(const pg::Query& catalog);
  [[nodiscard]] std::vector<Check> run(const pg::Query& script);

 private:
  struct Step {
    Check check;  // without a name: a preparation, of which nothing is told unless it fails
    std::string actor;
    std::string how;
    std::string statement;
  };
  [[nodiscard]] std::vector<Step> steps(const pg::Query& script);
  void judge(Step& step);
  void attempt(Step& step);
  void perform(Step& step);
  void perform_plan(Step& step);
  void become(const std::string& actor);

  pg::Connection& connection_;
};

}  // namespace diary
