// SPDX-License-Identifier: Apache-2.0
#include "pg/pool.hpp"

namespace diary::pg {

Connection connect_as(const std::string& conninfo, const std::string& role, const std::string& setup) {
  Connection connection(conninfo);
  if (!role.empty() && connection.login() != role) {
    const std::unique_ptr<char, decltype(&PQfreemem)> quoted(
        PQescapeIdentifier(connection.raw(), role.data(), role.size()), &PQfreemem);
    connection.hold("ROLE " + std::string(quoted.get()));
  }
  if (!setup.empty() && !connection.pooled()) connection.exec(setup);
  return connection;
}

Pool::Lease Pool::lease() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  const bool free = freed_.wait_for(lock, options_.patience, [this] { return lent_ < options_.size; });
  --waiting_;
  if (!free) throw PoolExhausted();
  ++lent_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return {*this, std::move(connection)};
  }
  lock.unlock();
  try {
    auto connection =
        std::make_unique<Connection>(connect_as(options_.conninfo, options_.role, options_.setup));
    if (options_.statement_time.count() > 0)
      connection->hold("statement_timeout = " + std::to_string(options_.statement_time.count()));
    return {*this, std::move(connection)};
  } catch (...) {
    lock.lock();
    --lent_;
    freed_.notify_one();
    throw;
  }
}

Pool::State Pool::state() const {
  const std::scoped_lock lock(mutex_);
  return {options_.size, lent_, idle_.size(), waiting_};
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  --lent_;
  if (connection->usable() && !connection->in_transaction()) {
    idle_.push_back(std::move(connection));
  } else {
    idle_.clear();  // the database went away: the others are dead too, or soon found to be fine again
  }
  freed_.notify_one();
}

}  // namespace diary::pg
