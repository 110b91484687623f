// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the API share: one server on one fresh database for each test program, people with
// tokens, streets to rate, and a look behind the API with SQL.

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <string>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "pg/connection.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/raw_socket.hpp"
#include "support/served.hpp"
#include "support/test_database.hpp"
#include "support/token.hpp"
#include "support/way_in.hpp"

namespace diary::http::test {

namespace json = boost::json;
using support::Answer;
using support::Headers;
using support::HttpClient;

namespace api {
inline constexpr const char* login = "/api/v1/auth/login";
inline constexpr const char* me = "/api/v1/me";
inline constexpr const char* ratings = "/api/v1/diary/ratings";
inline constexpr const char* segments = "/api/v1/diary/segments";
}  // namespace api

struct Person {
  std::string user_id;
  std::string email;
  std::string token;
};

class World {
 public:
  explicit World(const std::map<std::string, std::string>& environment = {})
      : server(DIARY_BINARY, {"--database", way_in.server()}, with(way_in.environment(), environment)),
        owner(database.superuser_conninfo()) {  // not bound by row security
    if (!support::eventually([this] { return client().get("/readyz").status == 200U; }))
      throw std::runtime_error("the server does not become ready");
  }

  HttpClient client(const std::string& token = {}) {
    HttpClient made(server.port());
    made.token = token;
    return made;
  }
  HttpClient client(const Person& person) { return client(person.token); }

  // A new account.
  Person person() {
    const std::string email = Uuid::random().text() + "@example.org";
    const auto answer =
        client().post("/api/v1/auth/register", {{"email", email}, {"password", "correct horse"}});
    if (answer.status != 201) throw std::runtime_error("register: " + answer.body);
    const auto body = answer.json();
    return {std::string(body.at("user").at("user_id").as_string()), email,
            std::string(body.at("access_token").as_string())};
  }
  // A new street; returns its id.
  std::string segment(double lng = 10, double lat = 50) {
    std::string id = "seg_" + Uuid::random().text();
    owner.exec(
        "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Main Street', "
        "70.5, "
        "ST_MakeLine(ST_SetSRID(ST_MakePoint($2, $3), 4326), ST_SetSRID(ST_MakePoint($2::float8 + 0.001, "
        "$3), "
        "4326)))",
        {id, lng, lat});
    return id;
  }
  // After a look behind the API that wrote: the server's city shows it. Asking for what is not there makes it
  // look.
  void settle() {
    HttpClient(server.port(), "127.9.9.9").get("/api/v1/diary/segments/nobody%20has%20this%20id");
  }
  // Changes or deletes rows behind the API; again, as it is then told to, when a month was being closed.
  void amend(const std::string& sql, const pg::Params& params = {}) {
    for (int tries_left = 100;; --tries_left) {
      try {
        owner.exec(sql, params);
        return;
      } catch (const pg::DbError& e) {
        if (e.sqlstate() != "40001" || tries_left == 0) throw;
      }
    }
  }
  std::string one(const std::string& sql, const pg::Params& params = {}) {
    return owner.exec(sql, params).str(0, 0);
  }

  support::TestDatabase database;
  support::WayIn way_in{database};
  support::Served server;
  pg::Connection owner;

 private:
  static std::map<std::string, std::string> with(std::map<std::string, std::string> some,
                                                 const std::map<std::string, std::string>& more) {
    some.insert(more.begin(), more.end());
    return some;
  }
};

// The program's own, made by the first test.
inline World& world() {
  static World made;
  return made;
}

// The body of a rating.
inline json::value rating_of(const std::string& segment, int rating = 5, const std::string& tag = "lit") {
  return {{"segment_id", segment}, {"rating", rating}, {"tags", json::array{tag}}};
}

// Between the strings of two libraries.
inline json::value to_json(const std::string& text) {
  return json::value(json::string(text));
}
inline std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

inline std::set<std::string> members(const json::object& object) {
  std::set<std::string> names;
  for (const auto& member : object) names.insert(std::string(member.key()));
  return names;
}

// A problem of RFC 9457 with this project's members.
inline void expect_problem(const Answer& answer, unsigned status, const std::string& error,
                           const std::string& field = {}) {
  EXPECT_EQ(answer.status, status) << answer.body;
  if (answer.status != status) return;
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_NE(answer.header("x-request-id"), "");
  EXPECT_NE(answer.header("x-ratelimit-limit"), "");
  const auto body = answer.json();
  for (const char* name : {"type", "title", "status", "detail", "instance", "error", "message"})
    EXPECT_TRUE(body.contains(name)) << name << " is missing in " << answer.body;
  EXPECT_EQ(body.at("status"), status);
  EXPECT_EQ(text_of(body.at("error")), error) << answer.body;
  EXPECT_EQ(body.at("message"), body.at("detail"));
  if (!field.empty()) {
    ASSERT_TRUE(body.contains("field")) << answer.body;
    EXPECT_EQ(text_of(body.at("field")), field) << answer.body;
  }
  for (const char* leak : {"SELECT", "INSERT", "SQLSTATE", ".cpp", "ERROR:"})
    EXPECT_EQ(answer.body.find(leak), std::string::npos) << answer.body;
}

// The names in errors[], or in field when there is one alone.
inline std::multiset<std::string> wrong_fields(const Answer& answer) {
  std::multiset<std::string> names;
  const auto body = answer.json();
  if (body.contains("errors")) {
    for (const auto& error : body.at("errors").as_array())
      names.insert(std::string(error.at("field").as_string()));
  } else if (body.contains("field")) {
    names.insert(std::string(body.at("field").as_string()));
  }
  return names;
}

inline std::string after(std::chrono::microseconds offset) {
  return to_rfc3339(now() + offset);
}

}  // namespace diary::http::test
