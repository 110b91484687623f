// SPDX-License-Identifier: Apache-2.0
#include "support/way_in.hpp"

#include <cstdio>
#include <cstdlib>

#include "pg/provision.hpp"

namespace diary::support {

namespace {

long went_through = 0;

void fail_when_nothing_went_through() {
  if (went_through > 0) return;
  std::fprintf(stderr, "nothing went through PgBouncer\n");
  std::_Exit(1);
}

}  // namespace

WayIn::WayIn(const TestDatabase& database) : database_(database) {
  if (std::getenv("DIARY_TEST_POOLER") == nullptr) return;
  static const int once = std::atexit(fail_when_nothing_went_through);
  static_cast<void>(once);
  bouncer_ = std::make_unique<PgBouncer>(database);
}

WayIn::~WayIn() {
  if (bouncer_) went_through += bouncer_->transactions();
}

std::string WayIn::owner() const {
  return bouncer_ ? bouncer_->conninfo(pg::owner_role) : database_.owner_conninfo();
}

std::string WayIn::server() const {
  return bouncer_ ? bouncer_->conninfo(pg::app_role) : database_.owner_conninfo();
}

std::map<std::string, std::string> WayIn::environment() const {
  if (!bouncer_) return {};
  return {{"DIARY_OWNER_URL", database_.owner_conninfo()}};
}

}  // namespace diary::support
