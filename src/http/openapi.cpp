// SPDX-License-Identifier: Apache-2.0
#include "http/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace diary::http {
namespace {

namespace json = boost::json;

constexpr std::string_view base_name = "base.json";

json::object parse(const EmbeddedFile& fragment) {
  boost::system::error_code ec;
  json::value value = json::parse({fragment.bytes.data(), fragment.bytes.size()}, ec);
  if (ec || !value.is_object())
    throw std::runtime_error("OpenAPI: " + std::string(fragment.name) + " is no JSON object");
  return std::move(value.as_object());
}

// Moves the members of `from` into `into`, `depth` levels down; whatever is there already is an error.
void merge(json::object& into, json::object&& from, int depth, const std::string& where) {
  for (auto& member : from) {
    const std::string name = where + "/" + std::string(member.key());
    auto [it, is_new] = into.emplace(member.key(), std::move(member.value()));
    if (is_new) continue;
    if (depth == 0 || !it->value().is_object() || !member.value().is_object())
      throw std::runtime_error("OpenAPI: " + name + " is there twice");
    merge(it->value().as_object(), std::move(member.value().as_object()), depth - 1, name);
  }
}

json::object reference(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

bool is_method(std::string_view name) {
  for (const std::string_view method : {"get", "put", "post", "delete", "patch"})
    if (name == method) return true;
  return false;
}

// `tagged`: a read's answer, which has a strong tag.
void add_headers(json::object& response, bool tagged) {
  if (response.contains("$ref")) return;
  json::object& headers = response.emplace("headers", json::object{}).first->value().as_object();
  for (const std::string_view name :
       {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"})
    headers.emplace(name, reference("headers", name));
  if (tagged) headers.emplace("ETag", reference("headers", "ETag"));
}

bool is_stream(const json::object& response) {
  const auto* content = response.if_contains("content");
  return content != nullptr && content->as_object().contains("text/event-stream");
}

// What any call may answer whatever its fragment says.
void add_common(std::string_view method, json::object& operation) {
  json::object& responses = operation.emplace("responses", json::object{}).first->value().as_object();
  for (const std::string_view status : {"400", "401", "429", "500", "503"})
    responses.emplace(status, reference("responses", "Problem"));
  if (operation.contains("requestBody")) {
    responses.emplace("413", reference("responses", "Problem"));
    responses.emplace("415", reference("responses", "Problem"));
  }
  if (method == "get") responses.emplace("304", reference("responses", "NotModified"));
  for (auto& [status, response] : responses) {
    json::object& object = response.as_object();
    add_headers(object, method == "get" && status == "200" && !is_stream(object));
  }
  // A token is taken everywhere, and counts: its owner has limits of their own.
  if (!operation.contains("security"))
    operation.emplace("security", json::array{json::object{}, json::object{{"bearer", json::array{}}}});
}

}  // namespace

json::object compose_openapi(std::span<const EmbeddedFile> fragments, std::string_view version) {
  json::object document;
  for (const EmbeddedFile& fragment : fragments)
    if (fragment.name == base_name) document = parse(fragment);
  if (document.empty()) throw std::runtime_error("OpenAPI: there is no " + std::string(base_name));
  document.at("info").as_object()["version"] = version;
  for (const EmbeddedFile& fragment : fragments) {
    if (fragment.name == base_name) continue;
    json::object part = parse(fragment);
    for (const auto& member : part)
      if (member.key() != "paths" && member.key() != "components")
        throw std::runtime_error("OpenAPI: " + std::string(fragment.name) +
                                 " has more than paths and components");
    merge(document, std::move(part), 2, std::string(fragment.name) + ":");
  }
  for (auto& path : document.at("paths").as_object())
    for (auto& operation : path.value().as_object())
      if (is_method(operation.key())) add_common(operation.key(), operation.value().as_object());
  for (auto& response : document.at("components").at("responses").as_object())
    add_headers(response.value().as_object(), false);
  return document;
}

const std::string& openapi_document() {
  static const std::string text = json::serialize(compose_openapi(openapi_fragments(), DIARY_VERSION));
  return text;
}

}  // namespace diary::http
