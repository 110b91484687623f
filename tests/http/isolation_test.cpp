// SPDX-License-Identifier: Apache-2.0
// One user against another, and nobody against both: through every place of the API that takes an id, and
// every call that needs a token. A place that is new fails EveryPlaceIsListed until an attack on it is listed
// here.
#include <algorithm>
#include <functional>
#include <map>
#include <regex>

#include "http/openapi.hpp"
#include "http/routes.hpp"
#include "http/saved_routes_test.hpp"

namespace diary::http::test {
namespace {

// Whose: a person with a private and a public route, ratings and a vote.
class Isolation : public testing::Test {
 protected:
  void SetUp() override { before = rows_of_victim(); }
  void TearDown() override { EXPECT_EQ(rows_of_victim(), before) << "something of the victim's has changed"; }

  // All that is the victim's, as it lies in the database.
  std::string rows_of_victim() {
    return world().one(
        "SELECT string_agg(row, E'\\n' ORDER BY row) FROM ("
        "SELECT r::text AS row FROM diary.routes r WHERE user_id = $1 "
        "UNION ALL SELECT s::text FROM diary.route_segments s JOIN diary.routes USING (route_id) WHERE "
        "user_id = $1 "
        "UNION ALL SELECT r::text FROM diary.ratings r WHERE user_id = $1 "
        "UNION ALL SELECT v::text FROM diary.votes v WHERE user_id = $1 "
        "UNION ALL SELECT u::text FROM auth.users u WHERE user_id = $1) rows",
        {victim.user_id});
  }
  static json::object named(const std::string& name, const std::vector<std::string>& ids, bool is_public) {
    auto body = route_over(ids, is_public);
    body["route_name"] = json::string(name);
    return body;
  }
  std::string rated(const json::object& body) {
    const auto answer = owner.post("/api/v1/diary/ratings", body);
    if (answer.status != 201) throw std::runtime_error("rating: " + answer.body);
    return text_of(answer.json().at("rating_id"));
  }
  std::string voted(const std::string& segment) {
    const auto answer = owner.post("/api/v1/diary/votes", {{"segment_id", segment}, {"action", "agree"}});
    if (answer.status != 201) throw std::runtime_error("vote: " + answer.body);
    return text_of(answer.json().at("vote_id"));
  }

  // That nothing of the victim's stands in the answer.
  void expect_no_leak(const Answer& answer) {
    for (const std::string& secret : {victim.user_id, victim.email, secret_name})
      EXPECT_EQ(answer.body.find(secret), std::string::npos) << secret << " in " << answer.body;
  }
  // That `call` tells of `id` what it tells of an id that nobody uses.
  void expect_as_unknown(const std::string& id, const std::function<Answer(const std::string&)>& call) {
    const std::string unknown = Uuid::random().text();
    const auto answer = call(id);
    const auto other = call(unknown);
    EXPECT_EQ(answer.status, 404U) << answer.body;
    EXPECT_EQ(answer.status, other.status) << other.body;
    EXPECT_EQ(answer.body, std::regex_replace(other.body, std::regex(unknown), id));
    EXPECT_EQ(answer.header("etag"), other.header("etag"));
    expect_no_leak(answer);
  }

  const std::string secret_name = "The secret way " + Uuid::random().text();
  Person victim = world().person();
  Person thief = world().person();
  HttpClient owner = world().client(victim);
  HttpClient robber = world().client(thief);
  HttpClient nobody = world().client();
  std::vector<std::string> streets = street_row(3, 70, 20);
  const std::string hidden = saved(owner, named(secret_name, streets, false));
  const std::string open = saved(owner, named("The open way", streets, true));
  const std::string rating = rated({{"segment_id", streets[0]}, {"rating", 2}});
  const std::string vote = voted(streets[1]);
  std::string before;
};

const char* const of_machines = "holds nothing of people";
const char* const everybodys = "segments are everybody's";

// Where an id or a token goes in, and the test that attacks there.
const std::map<std::string, std::string>& places() {
  static const std::map<std::string, std::string> listed{
      {"GET /api/v1/diary/segments query cursor", everybodys},
      {"GET /api/v1/diary/segments/{segment_id} path segment_id", everybodys},
      {"GET /api/v1/diary/segments/{segment_id}/explain path segment_id", everybodys},
      {"POST /api/v1/diary/ratings", "RatingsAndVotesAreOnesOwn"},
      {"POST /api/v1/diary/ratings header Idempotency-Key", "IdsOfRatingsAreNotTaken"},
      {"POST /api/v1/diary/ratings body rating_id", "IdsOfRatingsAreNotTaken"},
      {"POST /api/v1/diary/ratings body route_id", "PrivateRoutesAreNotRated"},
      {"POST /api/v1/diary/ratings body segment_id", everybodys},
      {"POST /api/v1/diary/ratings body overrides.segment_id", "PrivateRoutesAreNotRated"},
      {"POST /api/v1/diary/votes", "RatingsAndVotesAreOnesOwn"},
      {"POST /api/v1/diary/votes header Idempotency-Key", "IdsOfVotesAreNotTaken"},
      {"POST /api/v1/diary/votes body vote_id", "IdsOfVotesAreNotTaken"},
      {"POST /api/v1/diary/votes body segment_id", everybodys},
      {"GET /metrics", of_machines},
      {"GET /api/v1/live/segments header Last-Event-ID", everybodys},
      {"GET /api/v1/diary/routes query segment_id", "ListsShowNoPrivateRoute"},
      {"GET /api/v1/diary/routes query cursor", "CursorsOpenNothing"},
      {"POST /api/v1/diary/routes", "RoutesAreSavedInOnesOwnName"},
      {"POST /api/v1/diary/routes header Idempotency-Key", "IdsOfRoutesAreNotTaken"},
      {"POST /api/v1/diary/routes body route_id", "IdsOfRoutesAreNotTaken"},
      {"POST /api/v1/diary/routes body segment_ids", everybodys},
      {"POST /api/v1/diary/routes body alt_segment_ids", everybodys},
      {"GET /api/v1/diary/routes/{route_id} path route_id", "PrivateRoutesDoNotExist"},
      {"PUT /api/v1/diary/routes/{route_id}", "RoutesAreSavedInOnesOwnName"},
      {"PUT /api/v1/diary/routes/{route_id} path route_id", "PrivateRoutesAreNotReplaced"},
      {"PUT /api/v1/diary/routes/{route_id} body route_id", "PrivateRoutesAreNotReplaced"},
      {"PUT /api/v1/diary/routes/{route_id} body segment_ids", everybodys},
      {"PUT /api/v1/diary/routes/{route_id} body alt_segment_ids", everybodys},
      {"PATCH /api/v1/diary/routes/{route_id}", "PrivateRoutesDoNotExist"},
      {"PATCH /api/v1/diary/routes/{route_id} path route_id", "PublicRoutesAreReadOnly"},
      {"PATCH /api/v1/diary/routes/{route_id} body segment_ids", everybodys},
      {"PATCH /api/v1/diary/routes/{route_id} body alt_segment_ids", everybodys},
      {"DELETE /api/v1/diary/routes/{route_id}", "PrivateRoutesDoNotExist"},
      {"DELETE /api/v1/diary/routes/{route_id} path route_id", "PublicRoutesAreReadOnly"},
      {"GET /api/v1/diary/trend query route_id", "PrivateRoutesHaveNoStatistics"},
      {"GET /api/v1/diary/tags query route_id", "PrivateRoutesHaveNoStatistics"},
      {"GET /api/v1/diary/segments/{segment_id}/explain path segment_id", everybodys},
      {"GET /api/v1/diary/segments/{segment_id}/ratings path segment_id", everybodys},
      {"GET /api/v1/diary/segments/{segment_id}/ratings query cursor", everybodys},
      {"GET /api/v1/diary/ratings/search query cursor", everybodys},
      {"DELETE /api/v1/diary/ratings/{rating_id}", "RatingsAreTakenBackByWhoGaveThem"},
      {"DELETE /api/v1/diary/ratings/{rating_id} path rating_id", "RatingsAreTakenBackByWhoGaveThem"},
      {"GET /api/v1/me/ratings", "MeIsWhoseTokenItIs"},
      {"GET /api/v1/me/ratings query cursor", "MeIsWhoseTokenItIs"},
      {"GET /api/v1/me", "MeIsWhoseTokenItIs"},
      {"PATCH /api/v1/me", "MeIsWhoseTokenItIs"},
      {"DELETE /api/v1/me", "MeIsWhoseTokenItIs"},
      {"GET /api/v1/me/export", "MeIsWhoseTokenItIs"},
      {"POST /api/v1/auth/logout", "MeIsWhoseTokenItIs"},
      {"GET /api/v1/moderation/ratings", "PlainUsersDoNotModerate"},
      {"GET /api/v1/moderation/ratings query cursor", "PlainUsersDoNotModerate"},
      {"POST /api/v1/moderation/ratings/{rating_id}", "PlainUsersDoNotModerate"},
      {"POST /api/v1/moderation/ratings/{rating_id} path rating_id", "PlainUsersDoNotModerate"},
  };
  return listed;
}

const json::object& document() {
  static const json::object made = json::parse(openapi_document()).as_object();
  return made;
}

const json::object& resolved(const json::object& object) {
  const auto* reference = object.if_contains("$ref");
  if (reference == nullptr) return object;
  static const json::value whole(document());
  boost::system::error_code ec;
  const auto* found = whole.find_pointer(std::string(reference->as_string()).substr(1), ec);
  if (found == nullptr) throw std::runtime_error("dangling: " + text_of(*reference));
  return found->as_object();
}

// Whether there is such a call ("GET /path").
bool is_there(const std::string& call) {
  return std::ranges::any_of(routes(), [&](const Route& route) {
    return std::string(boost::beast::http::to_string(route.method)) + " " + route.path == call;
  });
}

bool is_key(const std::string& name) {
  static const std::regex key("(.*_)?ids?|cursor|Idempotency-Key|Last-Event-ID");
  return std::regex_match(name, key);
}

// The members of a body that are ids, of the objects in it too.
void find_ids(const json::object& reference, const std::string& prefix, std::set<std::string>& found) {
  const json::object& schema = resolved(reference);
  if (const auto* members = schema.if_contains("properties"))
    for (const auto& [name, member] : members->as_object()) {
      if (is_key(name)) found.insert(prefix + std::string(name));
      find_ids(member.as_object(), prefix + std::string(name) + ".", found);
    }
  if (const auto* items = schema.if_contains("items"); items != nullptr && items->is_object())
    find_ids(items->as_object(), prefix, found);
  for (const char* choice : {"anyOf", "oneOf", "allOf"})
    if (const auto* parts = schema.if_contains(choice))
      for (const auto& part : parts->as_array()) find_ids(part.as_object(), prefix, found);
}

std::set<std::string> places_of(const Route& route) {
  const std::string method(boost::beast::http::to_string(route.method));
  const std::string call = method + " " + route.path;
  std::set<std::string> found;
  if (route.terms.access != Access::anyone) found.insert(call);
  for (const std::string& part : route.pattern)
    if (part.front() == '{' && is_key(part.substr(1, part.size() - 2)))
      found.insert(call + " path " + part.substr(1, part.size() - 2));
  std::string lower = method;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto& operation = document().at("paths").at(route.path).at(lower).as_object();
  if (const auto* parameters = operation.if_contains("parameters"))
    for (const auto& given : parameters->as_array()) {
      const auto& parameter = resolved(given.as_object());
      const std::string name = text_of(parameter.at("name"));
      if (is_key(name)) found.insert(call + " " + text_of(parameter.at("in")) + " " + name);
    }
  if (const auto* body = operation.if_contains("requestBody")) {
    std::set<std::string> ids;
    for (const auto& [type, media] : body->at("content").as_object())
      find_ids(media.at("schema").as_object(), "", ids);
    for (const std::string& id : ids) found.insert(call + " body " + id);
  }
  return found;
}

TEST_F(Isolation, EveryPlaceIsListed) {
  std::set<std::string> found;
  for (const Route& route : routes()) found.merge(places_of(route));
  for (const std::string& place : found) EXPECT_TRUE(places().contains(place)) << "nobody attacks " << place;
  std::set<std::string> tests;
  const auto* suite = testing::UnitTest::GetInstance()->current_test_suite();
  for (int i = 0; i < suite->total_test_count(); ++i) tests.insert(suite->GetTestInfo(i)->name());
  for (const auto& [place, test] : places()) {
    const auto call = place.substr(0, place.find(' ', place.find(' ') + 1));
    EXPECT_TRUE(found.contains(place)) << call << " has no such place: " << place;
    EXPECT_TRUE(test == everybodys || test == of_machines || tests.contains(test))
        << "there is no test " << test;
  }
}

TEST_F(Isolation, PrivateRoutesHaveNoStatistics) {
  for (const std::string report : {"trend", "tags"}) {
    const auto of = [&](const std::string& id) { return "/api/v1/diary/" + report + "?route_id=" + id; };
    for (HttpClient* client : {&robber, &nobody}) {
      expect_as_unknown(hidden, [&](const std::string& id) { return client->get(of(id)); });
      const auto answer = client->get(of(open));
      EXPECT_EQ(answer.status, 200U) << answer.body;
      expect_no_leak(answer);
    }
    EXPECT_EQ(owner.get(of(hidden)).status, 200U);
  }
}

TEST_F(Isolation, PrivateRoutesDoNotExist) {
  for (HttpClient* client : {&robber, &nobody}) {
    for (const Headers& headers :
         {Headers{}, Headers{{"Accept", "application/geo+json"}}, Headers{{"If-None-Match", "*"}}})
      expect_as_unknown(hidden, [&](const std::string& id) { return client->get(one_route(id), headers); });
    expect_as_unknown(hidden, [&](const std::string& id) { return client->send("HEAD", one_route(id)); });
  }
  for (const json::object& change :
       {json::object{}, json::object{{"is_public", true}}, json::object{{"route_name", "x"}},
        json::object{{"segment_ids", {streets[0]}}}})
    expect_as_unknown(
        hidden, [&](const std::string& id) { return send_json(robber, "PATCH", one_route(id), change); });
  expect_as_unknown(hidden, [&](const std::string& id) { return robber.send("DELETE", one_route(id)); });
  const Headers any{{"If-Match", "*"}};
  expect_as_unknown(hidden,
                    [&](const std::string& id) { return robber.send("DELETE", one_route(id), {}, any); });
  for (const char* method : {"PATCH", "PUT"})
    expect_problem(send_json(nobody, method, one_route(hidden), route_over(streets)), 401, "unauthorized");
  expect_problem(nobody.send("DELETE", one_route(hidden)), 401, "unauthorized");
  EXPECT_EQ(owner.get(one_route(hidden)).status, 200U);
}

TEST_F(Isolation, PrivateRoutesAreNotReplaced) {
  const auto taken = send_json(robber, "PUT", one_route(hidden), route_over(streets));
  expect_problem(taken, 404, "not_found");
  EXPECT_EQ(taken.body, robber.get(one_route(hidden)).body);
  auto same = named(secret_name, streets, false);
  same["route_id"] = json::string(hidden);
  EXPECT_EQ(send_json(robber, "PUT", one_route(hidden), same).body, taken.body);
  // What is wrong with the request itself is said first, so that asking costs a route.
  for (const auto& body : {json::object{{"x", 1}}, route_over({"nowhere"})}) {
    const auto unknown = Uuid::random().text();
    const auto answer = send_json(robber, "PUT", one_route(hidden), body);
    const auto other = send_json(robber, "PUT", one_route(unknown), body);
    EXPECT_EQ(answer.status, other.status);
    EXPECT_EQ(answer.body, std::regex_replace(other.body, std::regex(unknown), hidden));
  }
}

TEST_F(Isolation, PublicRoutesAreReadOnly) {
  for (HttpClient* client : {&robber, &nobody}) {
    const auto read = client->get(one_route(open));
    EXPECT_EQ(read.status, 200U);
    EXPECT_EQ(read.json().at("is_own"), false);
    expect_no_leak(read);
  }
  for (const auto& change :
       {json::object{}, json::object{{"is_public", false}}, json::object{{"route_name", "x"}}})
    expect_problem(send_json(robber, "PATCH", one_route(open), change), 403, "forbidden");
  const auto put = send_json(robber, "PUT", one_route(open), route_over(streets));
  expect_problem(put, 403, "forbidden");
  expect_no_leak(put);
  expect_problem(robber.send("DELETE", one_route(open)), 403, "forbidden");
  for (const char* method : {"PATCH", "PUT"})
    expect_problem(send_json(nobody, method, one_route(open), route_over(streets)), 401, "unauthorized");
  expect_problem(nobody.send("DELETE", one_route(open)), 401, "unauthorized");
}

TEST_F(Isolation, IdsOfRoutesAreNotTaken) {
  const auto own = saved(robber, route_over(streets));
  for (const std::string& id : {hidden, open}) {
    for (const auto& content :
         {route_over(streets), named(secret_name, streets, false), route_over({streets[0]}, true)}) {
      auto body = content;
      body["route_id"] = json::string(id);
      const auto by_member = robber.post(saved_routes, body);
      expect_problem(by_member, 409, "idempotency_mismatch");
      expect_no_leak(by_member);
      const auto by_header = robber.post(saved_routes, content, {{"Idempotency-Key", id}});
      EXPECT_EQ(by_header.body, by_member.body);
      auto mine = route_over({streets[2]});
      mine["route_id"] = json::string(own);
      EXPECT_EQ(robber.post(saved_routes, mine).body, by_member.body);  // as an own id that was used
    }
  }
}

TEST_F(Isolation, RoutesAreSavedInOnesOwnName) {
  auto body = route_over(streets);
  body["user_id"] = json::string(victim.user_id);
  expect_problem(robber.post(saved_routes, body), 400, "validation_error", "user_id");
  const auto id = Uuid::random().text();
  expect_problem(send_json(robber, "PUT", one_route(id), body), 400, "validation_error", "user_id");
  body.erase("user_id");
  EXPECT_EQ(send_json(robber, "PUT", one_route(id), body).status, 201U);
  EXPECT_EQ(world().one("SELECT user_id FROM diary.routes WHERE route_id = $1", {id}), thief.user_id);
  expect_problem(nobody.post(saved_routes, body), 401, "unauthorized");
}

TEST_F(Isolation, ListsShowNoPrivateRoute) {
  const auto lonely = street(71, 20, 71.001, 20);
  const auto unused = street(72, 20, 72.001, 20);
  saved(owner, named(secret_name, {lonely}, false));
  before = rows_of_victim();
  for (HttpClient* client : {&robber, &nobody}) {
    for (const std::string query : {"", "?limit=100", "?bbox=69,19,73,21", "?segment_id="}) {
      for (const char* accept : {"application/json", "application/geo+json"}) {
        const auto answer =
            client->get(saved_routes + query + (query.back() == '=' ? streets[0] : ""), {{"Accept", accept}});
        EXPECT_EQ(answer.status, 200U);
        expect_no_leak(answer);
        EXPECT_EQ(answer.body.find(hidden), std::string::npos);
        EXPECT_NE(answer.body.find(open), std::string::npos) << "it would show the public one: " << query;
      }
    }
    EXPECT_EQ(client->get(saved_routes + ("?segment_id=" + lonely)).body,
              client->get(saved_routes + ("?segment_id=" + unused)).body);
    EXPECT_EQ(client->get(std::string(saved_routes) + "?bbox=70.9,19.9,71.1,20.1").body,
              client->get(std::string(saved_routes) + "?bbox=71.9,19.9,72.1,20.1").body);
  }
}

TEST_F(Isolation, CursorsOpenNothing) {
  const auto made = saved(owner, route_over(streets));
  before = rows_of_victim();
  const auto page = owner.get(saved_routes + ("?limit=1&segment_id=" + streets[0])).json();
  ASSERT_EQ(text_of(page.at("routes").at(0).at("route_id")), made);
  const auto cursor = text_of(page.at("next_cursor"));
  for (HttpClient* client : {&robber, &nobody}) {
    const auto answer = client->get(saved_routes + ("?segment_id=" + streets[0] + "&cursor=" + cursor));
    expect_no_leak(answer);
    const auto body = answer.json();
    ASSERT_EQ(body.at("routes").as_array().size(), 1U);
    EXPECT_EQ(text_of(body.at("routes").at(0).at("route_id")), open);
  }
}

TEST_F(Isolation, PrivateRoutesAreNotRated) {
  const auto count = [&] {
    return world().one("SELECT count(*) FROM diary.ratings WHERE user_id = $1", {thief.user_id});
  };
  expect_as_unknown(hidden, [&](const std::string& id) {
    return robber.post("/api/v1/diary/ratings", {{"route_id", json::string(id)}, {"rating", 1}});
  });
  expect_as_unknown(hidden, [&](const std::string& id) {  // which would tell what is on it
    return robber.post("/api/v1/diary/ratings",
                       {{"route_id", json::string(id)},
                        {"rating", 1},
                        {"overrides", {{{"segment_id", streets[0]}, {"rating", 2}}}}});
  });
  EXPECT_EQ(count(), "0");
  EXPECT_EQ(robber.post("/api/v1/diary/ratings", {{"route_id", json::string(open)}, {"rating", 3}}).status,
            201U);
  EXPECT_EQ(count(), "3");
}

TEST_F(Isolation, RatingsAreTakenBackByWhoGaveThem) {
  const std::string path = "/api/v1/diary/ratings/";
  if (!is_there("DELETE " + path + "{rating_id}")) GTEST_SKIP() << "there is no such call";
  expect_as_unknown(rating, [&](const std::string& id) { return robber.send("DELETE", path + id); });
  expect_problem(nobody.send("DELETE", path + rating), 401, "unauthorized");
}

TEST_F(Isolation, PlainUsersDoNotModerate) {
  const std::string path = "/api/v1/moderation/ratings";
  if (!is_there("GET " + path)) GTEST_SKIP() << "there is no such call";
  const json::object verdict{{"status", "rejected"}};
  for (const std::string& id : {rating, Uuid::random().text()}) {
    const auto judged = robber.post(path + "/" + id, verdict);
    expect_problem(judged, 403, "forbidden");
    expect_no_leak(judged);
    expect_problem(nobody.post(path + "/" + id, verdict), 401, "unauthorized");
  }
  const auto queue = robber.get(path + "?status=pending_review");
  expect_problem(queue, 403, "forbidden");
  expect_no_leak(queue);
  expect_problem(nobody.get(path), 401, "unauthorized");
}

TEST_F(Isolation, MeIsWhoseTokenItIs) {
  if (!is_there("DELETE /api/v1/me") || !is_there("GET /api/v1/me/ratings"))
    GTEST_SKIP() << "there is no such call";
  const auto mine = robber.get("/api/v1/me");
  EXPECT_NE(mine.body.find(thief.email), std::string::npos) << mine.body;
  expect_no_leak(mine);
  for (const std::string path : {"/api/v1/me/export", "/api/v1/me/ratings", "/api/v1/me/ratings?limit=1"}) {
    const auto answer = robber.get(path);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    expect_no_leak(answer);
    EXPECT_EQ(answer.body.find(rating), std::string::npos);
    EXPECT_EQ(answer.body.find(hidden), std::string::npos);
    expect_problem(nobody.get(path), 401, "unauthorized");
  }
  rated({{"segment_id", streets[1]}, {"rating", 3}});
  before = rows_of_victim();
  const auto page = owner.get("/api/v1/me/ratings?limit=1").json();
  ASSERT_TRUE(page.contains("next_cursor"));
  const auto peeked = robber.get("/api/v1/me/ratings?cursor=" + text_of(page.at("next_cursor")));
  EXPECT_EQ(peeked.body.find(rating), std::string::npos);
  expect_no_leak(peeked);
  EXPECT_EQ(send_json(robber, "PATCH", "/api/v1/me", {{"display_name", "Thief"}}).status, 200U);
  EXPECT_EQ(robber.post("/api/v1/auth/logout", json::object{}).status, 204U);
  expect_problem(robber.get("/api/v1/me"), 401, "unauthorized");
  EXPECT_EQ(owner.get("/api/v1/me").status, 200U);
  auto leaving = world().client(world().person());
  EXPECT_EQ(send_json(leaving, "DELETE", "/api/v1/me", {{"password", "correct horse"}}).status, 204U);
}

TEST_F(Isolation, IdsOfRatingsAreNotTaken) {
  const json::object same{{"segment_id", streets[0]}, {"rating", 2}};
  const auto own = text_of(robber.post("/api/v1/diary/ratings", {{"segment_id", streets[2]}, {"rating", 4}})
                               .json()
                               .at("rating_id"));
  auto mine = same;
  mine["rating_id"] = json::string(own);
  const auto as_own = robber.post("/api/v1/diary/ratings", mine);
  for (const auto& content : {same, json::object{{"segment_id", streets[1]}, {"rating", 5}}}) {
    auto body = content;
    body["rating_id"] = json::string(rating);
    const auto by_member = robber.post("/api/v1/diary/ratings", body);
    expect_problem(by_member, 409, "idempotency_mismatch");
    expect_no_leak(by_member);
    EXPECT_EQ(by_member.body, as_own.body);
    const auto by_header = robber.post("/api/v1/diary/ratings", content, {{"Idempotency-Key", rating}});
    EXPECT_EQ(by_header.body, as_own.body);
  }
}

TEST_F(Isolation, IdsOfVotesAreNotTaken) {
  const json::object same{{"segment_id", streets[1]}, {"action", "agree"}};
  auto body = same;
  body["vote_id"] = json::string(vote);
  const auto by_member = robber.post("/api/v1/diary/votes", body);
  expect_problem(by_member, 409, "idempotency_mismatch");
  expect_no_leak(by_member);
  EXPECT_EQ(robber.post("/api/v1/diary/votes", same, {{"Idempotency-Key", vote}}).body, by_member.body);
}

TEST_F(Isolation, RatingsAndVotesAreOnesOwn) {
  const json::object rating_body{{"segment_id", streets[2]}, {"rating", 5}};
  const json::object vote_body{{"segment_id", streets[2]}, {"action", "safer"}};
  for (const auto& [path, content] :
       {std::pair{"/api/v1/diary/ratings", rating_body}, {"/api/v1/diary/votes", vote_body}}) {
    auto body = content;
    body["user_id"] = json::string(victim.user_id);
    expect_problem(robber.post(path, body), 400, "validation_error", "user_id");
    expect_problem(nobody.post(path, content), 401, "unauthorized");
    const auto answer = robber.post(path, content);
    ASSERT_EQ(answer.status, 201U) << answer.body;
    EXPECT_EQ(text_of(answer.json().at("user_id")), thief.user_id);
  }
}

}  // namespace
}  // namespace diary::http::test
