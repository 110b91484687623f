// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <cstdlib>

#include "base/utf8.hpp"
#include "http/fields.hpp"
#include "http/problem.hpp"
#include "http/route_body.hpp"

namespace {

// What a refusal says is JSON whatever was refused.
void check_refusal(const diary::Error& error, const diary::http::Request& request) {
  const auto reply = diary::http::problem(error, request);
  boost::system::error_code ec;
  boost::json::parse(reply.body, ec);
  if (ec || !diary::is_utf8(reply.body)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  using namespace diary::http;
  Request request;
  request.body.assign(data, size);
  request.caller.emplace();
  if (const auto route = parse_new_route(request); !route) check_refusal(route.error(), request);
  if (const auto patch = parse_route_patch(request); !patch) check_refusal(patch.error(), request);
  const auto object = parse_object(request.body);
  if (!object) {
    check_refusal(object.error(), request);
    return 0;
  }
  Fields fields(*object);
  fields.require("segment_id");
  const auto text = fields.text("segment_id", 1, 50);
  if (text && (!diary::is_utf8(*text) || text->find('\0') != std::string::npos)) std::abort();
  const auto rating = fields.integer("rating", 1, 5);
  if (rating && (*rating < 1 || *rating > 5)) std::abort();
  static_cast<void>(fields.time("timestamp"));
  static_cast<void>(fields.uuid("rating_id"));
  static_cast<void>(fields.one_of("action", {"agree", "safer"}));
  if (const auto* tags = fields.array("tags", 5); tags != nullptr && tags->size() > 5) std::abort();
  if (const auto* metadata = fields.object("metadata")) {
    Fields inner(*metadata, "metadata.");
    static_cast<void>(inner.one_of("device", {"mobile", "desktop"}));
    fields.take(inner.finish());
  }
  if (auto errors = fields.finish(); !errors.empty())
    check_refusal(validation_error(std::move(errors)), request);
  return 0;
}
