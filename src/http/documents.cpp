// SPDX-License-Identifier: Apache-2.0
#include "http/assets.hpp"
#include "http/conditional.hpp"
#include "http/handlers.hpp"
#include "http/openapi.hpp"

namespace diary::http {
namespace {

constexpr const char* never_changes = "public, max-age=31536000, immutable";  // its name would

// Nothing inline, nobody else's: what the page of the API needs, and no more. Its icons are data: URLs.
constexpr const char* docs_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

asio::awaitable<Reply> get_openapi(Site&, Request&) {
  Reply reply;
  reply.headers.emplace_back("Cache-Control", may_be_kept);
  reply.body = openapi_document();
  co_return reply;
}

asio::awaitable<Reply> get_docs(Site&, Request& request) {
  Reply reply = asset_reply("docs/index.html", request);
  reply.headers.emplace_back("Cache-Control", may_be_kept);
  reply.headers.emplace_back("Content-Security-Policy", docs_policy);
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  co_return reply;
}

asio::awaitable<Reply> get_asset(Site&, Request& request) {
  Reply reply = asset_reply("assets/" + request.captures[0], request);
  if (reply.status == 200) reply.headers.emplace_back("Cache-Control", never_changes);
  co_return reply;
}

}  // namespace

void add_document_routes(RouteTable& table) {
  static_cast<void>(openapi_document());  // a fragment that does not fit is found at the start
  table.add(Verb::get, "/api/openapi.json", get_openapi, {.quota = Quota::map});
  table.add(Verb::get, "/api/docs", get_docs, {.quota = Quota::map});
  table.add(Verb::get, "/assets/{name}", get_asset, {.quota = Quota::map});
}

}  // namespace diary::http
