// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the program under test comes to its database: directly, or through a PgBouncer of its own when
// DIARY_TEST_POOLER is set. Ends the test program as failed when nothing went through that.

#include <map>
#include <memory>
#include <string>

#include "support/pgbouncer.hpp"
#include "support/test_database.hpp"

namespace diary::support {

class WayIn {
 public:
  explicit WayIn(const TestDatabase& database);
  ~WayIn();
  WayIn(const WayIn&) = delete;
  WayIn& operator=(const WayIn&) = delete;

  // For commands, which work as the owner of the schema.
  [[nodiscard]] std::string owner() const;
  // For a server: as the owner, who becomes diary_app; through the pooler as diary_app itself, as is advised.
  [[nodiscard]] std::string server() const;
  // What a server's environment needs besides.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

 private:
  const TestDatabase& database_;
  std::unique_ptr<PgBouncer> bouncer_;
};

}  // namespace diary::support
