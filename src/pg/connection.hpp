// SPDX-License-Identifier: Apache-2.0
#pragma once

// One libpq connection: owns it, prepares each Query once, throws DbError on refusal and ConnectionLost when
// the server is gone. Text format both ways. Not thread-safe. Refuses to build SQL: values go in as
// parameters. Behind a pooler, where each transaction may run in another session of the database, it leaves
// nothing in a session: no prepared statement, no SET.

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "pg/error.hpp"
#include "pg/query.hpp"

namespace diary::pg {

// Rows of one answer. Views stay valid as long as the Rows they came from.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}

  [[nodiscard]] int size() const { return PQntuples(result_.get()); }
  [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] bool is_null(int row, int column) const {
    return PQgetisnull(result_.get(), row, column) != 0;
  }
  [[nodiscard]] std::string_view text(int row, int column) const;
  [[nodiscard]] std::string str(int row, int column) const { return std::string(text(row, column)); }
  [[nodiscard]] std::optional<std::string> opt(int row, int column) const;
  [[nodiscard]] std::int64_t integer(int row, int column) const;
  [[nodiscard]] double real(int row, int column) const;
  [[nodiscard]] bool boolean(int row, int column) const { return text(row, column) == "t"; }
  [[nodiscard]] std::int64_t affected() const;

 private:
  struct Clear {
    void operator()(PGresult* r) const { PQclear(r); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

// A text parameter, or NULL. Numbers are printed so that they read back unchanged.
class Param {
 public:
  Param(std::nullopt_t) {}                                            // NOLINT(google-explicit-constructor)
  Param(const char* text) : text_(text) {}                            // NOLINT(google-explicit-constructor)
  Param(std::string text) : text_(std::move(text)) {}                 // NOLINT(google-explicit-constructor)
  Param(std::string_view text) : text_(std::string(text)) {}          // NOLINT(google-explicit-constructor)
  Param(std::optional<std::string> text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Param(std::int64_t value) : text_(std::to_string(value)) {}         // NOLINT(google-explicit-constructor)
  Param(int value) : text_(std::to_string(value)) {}                  // NOLINT(google-explicit-constructor)
  Param(bool value) : text_(value ? "t" : "f") {}                     // NOLINT(google-explicit-constructor)
  Param(double value);                                                // NOLINT(google-explicit-constructor)
  [[nodiscard]] const char* c_str() const { return text_ ? text_->c_str() : nullptr; }

 private:
  std::optional<std::string> text_;
};

using Params = std::vector<Param>;

class Connection {
 public:
  // `conninfo` is a libpq URL or keyword string. Throws ConnectionLost, whose message repeats no password.
  explicit Connection(const std::string& conninfo);
  ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;

  // SETs what `setting` says ("jit = off", "ROLE x") for as long as the connection lives; behind a pooler, in
  // each transaction anew.
  void hold(const std::string& setting);

  // Prepares `query` on first use, unless behind a pooler. Throws DbError.
  Rows run(const Query& query, const Params& params = {});

  // One statement with parameters, not prepared: for the CLI, maintenance and tests.
  Rows exec(const std::string& sql, const Params& params);

  // One or more statements without parameters (migrations); the answer is that of the last one.
  Rows exec(const std::string& sql);

  // COPY ... FROM STDIN: begin with the statement, send pieces, end. Leaving without end() cancels the copy.
  void copy_begin(const std::string& sql);
  void copy_send(std::string_view bytes);
  std::int64_t copy_end();  // rows copied

  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] bool pooled() const { return pooled_; }
  [[nodiscard]] const std::string& login() const { return login_; }  // the session's user, in the database
  [[nodiscard]] bool usable() const { return PQstatus(conn_.get()) == CONNECTION_OK; }
  [[nodiscard]] PGconn* raw() { return conn_.get(); }

 private:
  friend class Transaction;
  Rows checked(PGresult* result);
  void begin(const char* begin);
  template <class Send>
  Rows holding(Send send);
  struct Finish {
    void operator()(PGconn* c) const { PQfinish(c); }
  };
  std::unique_ptr<PGconn, Finish> conn_;
  std::unordered_set<std::string> prepared_;
  bool pooled_ = false;
  std::string login_;
  std::string local_settings_;  // what each transaction begins with; empty without a pooler
};

// Ends what a connection is waiting for, from another thread: the statement fails with StatementTimeout, of
// which query_canceled is the state. Does nothing between two statements. May outlive the connection.
class Canceller {
 public:
  explicit Canceller(Connection& connection) : cancel_(PQgetCancel(connection.raw())) {}
  void cancel() const;

 private:
  struct Free {
    void operator()(PGcancel* c) const { PQfreeCancel(c); }
  };
  std::unique_ptr<PGcancel, Free> cancel_;
};

// BEGIN on construction, ROLLBACK on destruction unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, const char* begin = "BEGIN");
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace diary::pg
