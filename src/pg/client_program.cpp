// SPDX-License-Identifier: Apache-2.0
#include "pg/client_program.hpp"

#include <libpq-fe.h>

#include <memory>

namespace diary::pg {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

std::string keyword(const std::string& name, const std::string& value) {
  std::string text = name + "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "' ";
}

// libpq tells of the program's name itself.
bool is_given(const PQconninfoOption& option) {
  return option.val != nullptr && std::string(option.keyword) != "fallback_application_name";
}

ClientConnection decode(const Options& options) {
  ClientConnection client;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (!is_given(*option)) continue;
    if (option->envvar != nullptr)
      client.environment.emplace_back(option->envvar, option->val);
    else
      client.rest += keyword(option->keyword, option->val);
  }
  return client;
}

}  // namespace

Result<ClientConnection> client_connection(const std::string& conninfo) {
  const Options options(PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (!options) return fail(Errc::failed, "the database URL is not one that libpq understands");
  return decode(options);
}

ClientConnection client_connection(Connection& connection) {
  return decode(Options(PQconninfo(connection.raw()), &PQconninfoFree));
}

std::string conninfo_of(Connection& connection, const std::string& database) {
  const Options options(PQconninfo(connection.raw()), &PQconninfoFree);
  std::string text;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (is_given(*option) && std::string(option->keyword) != "dbname")
      text += keyword(option->keyword, option->val);
  }
  return text + keyword("dbname", database);
}

}  // namespace diary::pg
