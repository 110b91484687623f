// SPDX-License-Identifier: Apache-2.0
#include "pg/connection.hpp"

#include <array>
#include <charconv>

namespace diary::pg {
namespace {

std::string trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::vector<const char*> pointers(const Params& params) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param.c_str());
  return values;
}

}  // namespace

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::optional<std::string> Rows::opt(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return str(row, column);
}

std::int64_t Rows::integer(int row, int column) const {
  const auto value = text(row, column);
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size())
    throw std::logic_error("column is no integer: " + std::string(value));
  return number;
}

double Rows::real(int row, int column) const {
  const auto value = text(row, column);
  double number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size())
    throw std::logic_error("column is no number: " + std::string(value));
  return number;
}

std::int64_t Rows::affected() const {
  const std::string_view count = PQcmdTuples(result_.get());
  std::int64_t number = 0;
  std::from_chars(count.data(), count.data() + count.size(), number);
  return number;
}

Param::Param(double value) {
  std::array<char, 32> buffer{};
  const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  text_ = std::string(buffer.data(), end);
}

Connection::Connection(const std::string& conninfo) {
  // libpq's own complaint would repeat the text, and with it a password.
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (!parsed) throw ConnectionLost("the database URL is not one that libpq understands");
  conn_.reset(PQconnectdb(conninfo.c_str()));
  if (PQstatus(conn_.get()) != CONNECTION_OK) throw ConnectionLost(trimmed(PQerrorMessage(conn_.get())));
  // Notices are for people who type; here they would go to stderr and break the log's format.
  PQsetNoticeProcessor(conn_.get(), [](void*, const char*) {}, nullptr);
  const Rows session = checked(PQexec(conn_.get(), "SELECT pg_backend_pid(), session_user"));
  // A pooler answers for many processes, and gives its clients a number of its own.
  pooled_ = session.integer(0, 0) != PQbackendPID(conn_.get());
  login_ = session.str(0, 1);
}

void Connection::hold(const std::string& setting) {
  if (pooled_)
    local_settings_ += "; SET LOCAL " + setting;
  else
    exec("SET " + setting);
}

void Connection::begin(const char* begin) {
  try {
    checked(PQexec(conn_.get(), (begin + local_settings_).c_str()));
  } catch (const DbError&) {  // of the settings: the transaction is open, and aborted
    if (in_transaction()) PQclear(PQexec(conn_.get(), "ROLLBACK"));
    throw;
  }
}

// A statement of its own needs a transaction when something has to be set for it.
template <class Send>
Rows Connection::holding(Send send) {
  if (local_settings_.empty() || in_transaction()) return checked(send());
  Transaction transaction(*this);
  Rows rows = checked(send());
  transaction.commit();
  return rows;
}

Rows Connection::checked(PGresult* result) {
  Rows rows(result);
  const auto status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) return rows;
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  // Class 08 is a pooler's word for a server that it lost, or could not get.
  if (!usable() || state == nullptr || std::string_view(state).starts_with("08"))
    throw ConnectionLost(trimmed(PQerrorMessage(conn_.get())));
  if (std::string_view(state) == StatementTimeout::state)
    throw StatementTimeout(trimmed(PQresultErrorMessage(result)));
  const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  throw DbError(state, trimmed(PQresultErrorMessage(result)), constraint == nullptr ? "" : constraint);
}

Rows Connection::run(const Query& query, const Params& params) {
  if (pooled_) return exec(query.text, params);
  if (!prepared_.contains(query.name)) {
    checked(PQprepare(conn_.get(), query.name, query.text, 0, nullptr));
    prepared_.insert(query.name);
  }
  const auto values = pointers(params);
  return checked(PQexecPrepared(conn_.get(), query.name, static_cast<int>(values.size()), values.data(),
                                nullptr, nullptr, 0));
}

Rows Connection::exec(const std::string& sql, const Params& params) {
  const auto values = pointers(params);
  return holding([&] {
    return PQexecParams(conn_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                        nullptr, nullptr, 0);
  });
}

Rows Connection::exec(const std::string& sql) {
  return holding([&] { return PQexec(conn_.get(), sql.c_str()); });
}

void Connection::copy_begin(const std::string& sql) {
  checked(PQexec(conn_.get(), sql.c_str()));
}

void Connection::copy_send(std::string_view bytes) {
  constexpr std::size_t piece = 1 << 20;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (PQputCopyData(conn_.get(), bytes.data(), static_cast<int>(std::min(piece, bytes.size()))) != 1)
      throw ConnectionLost(trimmed(PQerrorMessage(conn_.get())));
  }
}

std::int64_t Connection::copy_end() {
  if (PQputCopyEnd(conn_.get(), nullptr) != 1) throw ConnectionLost(trimmed(PQerrorMessage(conn_.get())));
  PGresult* first = PQgetResult(conn_.get());
  while (PGresult* rest = PQgetResult(conn_.get())) PQclear(rest);
  return checked(first).affected();
}

bool Connection::in_transaction() const {
  return PQtransactionStatus(conn_.get()) != PQTRANS_IDLE;
}

void Canceller::cancel() const {
  std::array<char, 256> why_not{};
  PQcancel(cancel_.get(), why_not.data(), static_cast<int>(why_not.size()));
}

Transaction::Transaction(Connection& connection, const char* begin) : connection_(connection) {
  connection_.begin(begin);
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    if (PQtransactionStatus(connection_.raw()) == PQTRANS_ACTIVE) {
      PQputCopyEnd(connection_.raw(), "cancelled");
      while (PGresult* rest = PQgetResult(connection_.raw())) PQclear(rest);
    }
    connection_.checked(PQexec(connection_.raw(), "ROLLBACK"));
  } catch (const DbError&) {  // the server is gone, and the transaction with it
  }
}

void Transaction::commit() {
  open_ = false;
  connection_.checked(PQexec(connection_.raw(), "COMMIT"));
}

}  // namespace diary::pg
