// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document against the calls that there are, and against itself.
#include "http/openapi.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include "app/accounts.hpp"
#include "app/profile.hpp"
#include "app/reach.hpp"
#include "domain/email.hpp"
#include "domain/rating.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"

namespace diary::http {
namespace {

namespace json = boost::json;

const json::object& document() {
  static const json::object made = json::parse(openapi_document()).as_object();
  return made;
}

struct Operation {
  std::string path;
  std::string method;
  const json::object* object;
};

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::vector<Operation> operations() {
  std::vector<Operation> all;
  for (const auto& [path, item] : document().at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (method == "parameters") continue;
      all.push_back({std::string(path), upper(std::string(method)), &operation.as_object()});
    }
  }
  return all;
}

// Every value in the document with the way to it.
void visit(const json::value& value, const std::string& where,
           const std::function<void(const json::value&, const std::string&)>& look) {
  look(value, where);
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) visit(member, where + "/" + std::string(name), look);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) visit((*array)[i], where + "/" + std::to_string(i), look);
  }
}

const json::value* find(const std::string& pointer) {
  static const json::value whole(document());
  boost::system::error_code ec;
  return whole.find_pointer(pointer, ec);
}

std::string text(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

TEST(OpenApi, EveryCallHasAnOperationAndTheReverse) {
  std::set<std::string> calls;
  for (const Route& route : routes())
    calls.insert(std::string(boost::beast::http::to_string(route.method)) + " " + route.path);
  std::set<std::string> documented;
  for (const Operation& operation : operations()) documented.insert(operation.method + " " + operation.path);
  for (const std::string& call : calls)
    EXPECT_TRUE(documented.contains(call)) << call << " is in no file of src/http/openapi";
  for (const std::string& call : documented) EXPECT_TRUE(calls.contains(call)) << "there is no " << call;
}

TEST(OpenApi, NoReferenceDangles) {
  int references = 0;
  visit(json::value(document()), "#", [&](const json::value& value, const std::string& where) {
    const auto* object = value.if_object();
    const auto* reference = object == nullptr ? nullptr : object->if_contains("$ref");
    if (reference == nullptr) return;
    ++references;
    const std::string target(reference->as_string());
    ASSERT_TRUE(target.starts_with("#/")) << where << " points outside: " << target;
    EXPECT_NE(find(target.substr(1)), nullptr) << where << ": there is no " << target;
  });
  EXPECT_GT(references, 50);
}

TEST(OpenApi, EveryOperationSaysWhatItIs) {
  std::set<std::string> tags;
  for (const auto& tag : document().at("tags").as_array())
    tags.insert(std::string(tag.at("name").as_string()));
  std::set<std::string> ids;
  static const std::regex camel_case("[a-z][a-zA-Z0-9]*");
  for (const auto& [path, method, operation] : operations()) {
    SCOPED_TRACE(method + " " + path);
    const std::string id = text(*operation, "operationId");
    EXPECT_TRUE(std::regex_match(id, camel_case)) << "operationId: " << id;
    EXPECT_TRUE(ids.insert(id).second) << id << " is there twice";
    EXPECT_NE(text(*operation, "summary"), "");
    ASSERT_TRUE(operation->contains("tags"));
    for (const auto& tag : operation->at("tags").as_array())
      EXPECT_TRUE(tags.contains(std::string(tag.as_string()))) << tag << " is no tag of base.json";
  }
}

TEST(OpenApi, EveryAnswerHasASchemaOrNoBody) {
  const auto check = [](const json::object& response) {
    EXPECT_NE(text(response, "description"), "");
    const auto* content = response.if_contains("content");
    if (content == nullptr) return;
    EXPECT_FALSE(content->as_object().empty());
    for (const auto& [type, media] : content->as_object())
      EXPECT_TRUE(media.as_object().contains("schema")) << type << " has no schema";
    for (const char* name :
         {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"})
      EXPECT_TRUE(response.at("headers").as_object().contains(name)) << name;
  };
  for (const auto& [path, method, operation] : operations()) {
    SCOPED_TRACE(method + " " + path);
    const auto& responses = operation->at("responses").as_object();
    bool succeeds = false;
    for (const auto& [status, response] : responses) {
      SCOPED_TRACE(status);
      succeeds = succeeds || status.front() == '2';
      if (!response.as_object().contains("$ref")) check(response.as_object());
    }
    EXPECT_TRUE(succeeds) << "no 2xx";
    for (const char* status : {"400", "401", "429", "500", "503"}) EXPECT_TRUE(responses.contains(status));
    EXPECT_EQ(responses.contains("304"), method == "GET");
  }
  for (const auto& [name, response] : document().at("components").at("responses").as_object()) {
    SCOPED_TRACE(name);
    check(response.as_object());
  }
}

TEST(OpenApi, PathsDeclareWhatTheyCapture) {
  static const std::regex capture("\\{([a-z_]+)\\}");
  for (const auto& [path, method, operation] : operations()) {
    std::set<std::string> captured;
    for (std::sregex_iterator it(path.begin(), path.end(), capture), end; it != end; ++it)
      captured.insert((*it)[1]);
    std::set<std::string> declared;
    const auto declare = [&](const json::object& holder) {
      const auto* parameters = holder.if_contains("parameters");
      if (parameters == nullptr) return;
      for (const auto& given : parameters->as_array()) {
        const auto* reference = given.as_object().if_contains("$ref");
        const auto& parameter =
            reference == nullptr ? given : *find(std::string(reference->as_string()).substr(1));
        if (parameter.at("in").as_string() != "path") continue;
        EXPECT_EQ(parameter.at("required"), true);
        declared.insert(std::string(parameter.at("name").as_string()));
      }
    };
    declare(*operation);
    declare(document().at("paths").at(path).as_object());
    EXPECT_EQ(declared, captured) << method << " " << path;
  }
}

TEST(OpenApi, WhatNeedsATokenSaysSo) {
  for (const Route& route : routes()) {
    const std::string method(boost::beast::http::to_string(route.method));
    SCOPED_TRACE(method + " " + route.path);
    for (const auto& [path, documented, operation] : operations()) {
      if (path != route.path || documented != method) continue;
      const auto& security = operation->at("security").as_array();
      const bool optional =
          std::ranges::any_of(security, [](const auto& one) { return one.as_object().empty(); });
      EXPECT_EQ(optional, route.terms.access == Access::anyone || route.terms.access == Access::own_token);
      EXPECT_TRUE(
          std::ranges::any_of(security, [](const auto& one) { return one.as_object().contains("bearer"); }));
    }
  }
}

TEST(OpenApi, ObjectsAreClosed) {
  visit(json::value(document()), "#", [](const json::value& value, const std::string& where) {
    const auto* object = value.if_object();
    if (object == nullptr || !object->contains("properties") || text(*object, "type") != "object") return;
    static const std::regex part("/(allOf|anyOf|oneOf)/[0-9]+$");
    const auto* closed = object->if_contains("additionalProperties");
    if (closed == nullptr) closed = object->if_contains("unevaluatedProperties");
    const bool is_part = std::regex_search(where, part);  // the whole is closed then
    EXPECT_TRUE(is_part || (closed != nullptr && *closed != true)) << where << " takes any member";
  });
}

TEST(OpenApi, LimitsAreTheCodes) {
  const std::string schemas = "/components/schemas/";
  const std::map<std::string, std::size_t> limits{
      {"Registration/properties/email/maxLength", limits::max_email},
      {"Registration/properties/password/maxLength", limits::max_password_bytes},
      {"Registration/properties/display_name/maxLength", limits::max_display_name},
      {"ProfileChange/properties/email/maxLength", limits::max_email},
      {"ProfileChange/properties/password/maxLength", limits::max_password_bytes},
      {"ProfileChange/properties/display_name/maxLength", limits::max_display_name},
      {"ProfileChange/properties/avatar_url/maxLength", limits::max_avatar_url},
      {"NewRating/properties/segment_id/maxLength", limits::max_segment_id},
      {"NewRating/properties/tags/maxItems", limits::max_tags},
      {"NewRating/properties/comment/maxLength", limits::max_comment_chars},
      {"NewVote/properties/segment_id/maxLength", limits::max_segment_id},
      {"SegmentId/maxLength", limits::max_segment_id},
      {"TraceQuestion/properties/points/maxItems", graph::max_trace_points},
      {"RouteAnswer/properties/curve/maxItems", limits::max_curve_routes}};
  for (const auto& [pointer, limit] : limits) {
    const auto* value = find(schemas + pointer);
    ASSERT_NE(value, nullptr) << "there is no " << pointer;
    EXPECT_EQ(*value, limit) << pointer;
  }
}

TEST(OpenApi, EveryErrorCodeIsListed) {
  const auto* listed = find("/components/schemas/Problem/properties/error/examples");
  ASSERT_NE(listed, nullptr);
  for (int code = 0; code <= static_cast<int>(Errc::failed); ++code) {
    const json::value error(problem_kind(static_cast<Errc>(code)).error);
    EXPECT_NE(std::ranges::find(listed->as_array(), error), listed->as_array().end()) << error;
  }
}

// The composer itself, on fragments made here.
constexpr EmbeddedFile small_base{
    "base.json",
    R"({"openapi":"3.1.0","info":{},"paths":{},"components":{"responses":{},"schemas":{"A":{}}}})"};

json::object compose(const std::vector<EmbeddedFile>& more) {
  std::vector<EmbeddedFile> all{small_base};
  all.insert(all.end(), more.begin(), more.end());
  return compose_openapi(all, "1.2.3");
}

TEST(ComposeOpenApi, AddsWhatHoldsOfEveryCall) {
  const auto made = compose({{"x.json", R"({"paths":{"/x":{
      "get":{"responses":{"200":{"description":"","content":{}},"503":{"description":"own"}}},
      "post":{"requestBody":{},"security":[{"bearer":[]}],"responses":{"201":{"description":""}}}}}})"}});
  EXPECT_EQ(made.at("info").at("version"), "1.2.3");
  const auto& get = made.at("paths").at("/x").at("get").as_object();
  const auto& post = made.at("paths").at("/x").at("post").as_object();
  const auto statuses = [](const json::object& operation) {
    std::set<std::string> all;
    for (const auto& response : operation.at("responses").as_object())
      all.insert(std::string(response.key()));
    return all;
  };
  EXPECT_EQ(statuses(get), (std::set<std::string>{"200", "304", "400", "401", "429", "500", "503"}));
  EXPECT_EQ(statuses(post), (std::set<std::string>{"201", "400", "401", "413", "415", "429", "500", "503"}));
  EXPECT_EQ(get.at("responses").at("503").at("description"), "own");
  EXPECT_TRUE(get.at("responses").at("200").at("headers").as_object().contains("ETag"));
  EXPECT_FALSE(post.at("responses").at("201").at("headers").as_object().contains("ETag"));
  EXPECT_EQ(get.at("security").as_array().size(), 2U);
  EXPECT_EQ(post.at("security").as_array().size(), 1U);
}

TEST(ComposeOpenApi, TwoFragmentsMayShareAPath) {
  const auto made =
      compose({{"a.json", R"({"paths":{"/x":{"get":{}}}})"}, {"b.json", R"({"paths":{"/x":{"put":{}}}})"}});
  EXPECT_EQ(made.at("paths").at("/x").as_object().size(), 2U);
}

TEST(ComposeOpenApi, RefusesWhatDoesNotFit) {
  const std::map<std::string, std::vector<EmbeddedFile>> wrong{
      {"x.json is no JSON object", {{"x.json", "{"}}},
      {"x.json has more than", {{"x.json", R"({"info":{}})"}}},
      {"x.json:/components/schemas/A is there twice", {{"x.json", R"({"components":{"schemas":{"A":{}}}})"}}},
      {"b.json:/paths//x/get is there twice",
       {{"a.json", R"({"paths":{"/x":{"get":{}}}})"}, {"b.json", R"({"paths":{"/x":{"get":{}}}})"}}}};
  for (const auto& [complaint, fragments] : wrong) {
    try {
      static_cast<void>(compose(fragments));
      FAIL() << "taken, though " << complaint;
    } catch (const std::runtime_error& e) {
      EXPECT_NE(std::string(e.what()).find(complaint), std::string::npos) << e.what();
    }
  }
  EXPECT_THROW(static_cast<void>(compose_openapi({}, "1")), std::runtime_error);
}

}  // namespace
}  // namespace diary::http
