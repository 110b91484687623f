// SPDX-License-Identifier: Apache-2.0
#include "http/assets.hpp"
#include "http/conditional.hpp"
#include "http/handlers.hpp"

namespace diary::http {
namespace {

// Nothing inline, nothing evaluated, nobody else's. The map's workers are made of the script that is loaded
// already (blob:), and so are the pictures that it draws.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src "
    "'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'";

Reply kept_file(std::string_view name, const Request& request) {
  Reply reply = asset_reply(name, request);
  // A new version of the program is a new page at the next visit.
  if (reply.status == 200) reply.headers.emplace_back("Cache-Control", may_be_kept);
  return reply;
}

asio::awaitable<Reply> get_page(Site&, Request& request) {
  Reply reply = kept_file("page/index.html", request);
  reply.headers.emplace_back("Content-Security-Policy", page_policy);
  co_return reply;
}

// At the root, so that it may serve all of the page. A worker's own policy is the one of its script.
asio::awaitable<Reply> get_service_worker(Site&, Request& request) {
  Reply reply = kept_file("page/sw.js", request);
  reply.headers.emplace_back("Content-Security-Policy", "default-src 'none'; connect-src 'self'");
  co_return reply;
}

asio::awaitable<Reply> get_manifest(Site&, Request& request) {
  co_return kept_file("page/manifest.webmanifest", request);
}

asio::awaitable<Reply> get_icon(Site&, Request& request) {
  co_return kept_file("page/icons/" + request.captures[0], request);
}

}  // namespace

void add_page_routes(RouteTable& table) {
  table.add(Verb::get, "/", get_page, {.quota = Quota::map});
  table.add(Verb::get, "/sw.js", get_service_worker, {.quota = Quota::map});
  table.add(Verb::get, "/manifest.webmanifest", get_manifest, {.quota = Quota::map});
  table.add(Verb::get, "/icons/{name}", get_icon, {.quota = Quota::map});
}

}  // namespace diary::http
