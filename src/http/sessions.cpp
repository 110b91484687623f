// SPDX-License-Identifier: Apache-2.0
#include "http/sessions.hpp"

#include "app/sessions.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

asio::awaitable<Result<Session>> ask(Site& site, const Request& request) {
  const Caller& caller = *request.caller;
  co_return co_await site.database.run([&] { return check_session(site.gate, caller); });
}

// What stands against the caller. With `trusting`, a token that nobody can be asked about is taken at its
// word.
asio::awaitable<std::optional<Error>> objection(Site& site, Request& request, bool trusting) {
  try {
    auto session = co_await ask(site, request);
    if (session) {
      request.session = *std::move(session);
    } else if (session.error().code == Errc::unauthorized || !trusting) {
      co_return std::move(session.error());
    }
  } catch (const pg::ConnectionLost&) {
    if (!trusting) throw;
  } catch (const pg::PoolExhausted&) {
    if (!trusting) throw;
  }
  co_return std::nullopt;
}

}  // namespace

asio::awaitable<Reply> handle(Site& site, const Route& route, Request& request) {
  const Terms& terms = route.terms;
  const bool asks = request.caller && terms.quota != Quota::none;
  if (asks && (terms.check == Check::before || terms.access == Access::moderator)) {
    if (const auto error = co_await objection(site, request, terms.access == Access::anyone))
      co_return problem(*error, request);
  }
  if (terms.access == Access::moderator && !is_moderator(request.session.value()))
    co_return problem(Error{Errc::forbidden, "this is for moderators"}, request);
  Reply reply = co_await route.handler(site, request);
  // What was refused before the handler came to ask tells nothing to a token that is not good any more.
  if (asks && terms.check == Check::within && !request.session && reply.status >= 400 &&
      reply.status != 401) {
    if (const auto error = co_await objection(site, request, true)) co_return problem(*error, request);
  }
  co_return reply;
}

}  // namespace diary::http
