// SPDX-License-Identifier: Apache-2.0
#include "app/moderation.hpp"

#include "domain/rating.hpp"
#include "http/fields.hpp"
#include "http/handlers.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/rating_pages.hpp"

namespace diary::http {
namespace {

const std::vector<std::string> statuses{"pending_review", "accepted", "rejected"};

// With what of the word list stands in it now, so that one sees why it waits.
void write_moderated(Site& site, JsonObject& object, const FullRating& rating) {
  write_rating(object, rating);
  object.texts("matches", site.submissions.listed_words(rating.tags, rating.comment));
}

asio::awaitable<Reply> get_moderation_ratings(Site& site, Request& request) {
  QueryReader reader(request);
  const std::string status = reader.one_of("status", statuses).value_or("pending_review");
  const int limit = read_limit(reader);
  const auto after = read_rating_mark(reader);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto page =
      co_await site.database.run([&] { return ratings_of_status(site.gate, status, limit, after); });
  if (!page) co_return problem(page.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.text("status", status);
  write_page(reply.body, object, *page, limit,
             [&](JsonObject& row, const FullRating& rating) { write_moderated(site, row, rating); });
  object.end();
  co_return reply;
}

Result<Decision> parse_decision(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  Decision decision;
  fields.require("status");
  decision.status = fields.one_of("status", statuses).value_or("");
  decision.reason = fields.text("reason", 0, diary::limits::max_comment_chars);
  auto errors = fields.finish();
  if (!errors.empty()) return fail(validation_error(std::move(errors)));
  return decision;
}

asio::awaitable<Reply> post_moderation(Site& site, Request& request) {
  const auto decision = parse_decision(request);
  if (!decision) co_return problem(decision.error(), request);
  const auto id = Uuid::parse(request.captures[0]);
  if (!id) co_return problem(Error{Errc::not_found, "there is no such rating"}, request);
  const Uuid caller = request.caller->user_id;
  const auto done = co_await site.database.run([&] { return moderate(site.gate, caller, *id, *decision); });
  if (!done) co_return problem(done.error(), request);
  co_await catch_up(site);
  Reply reply;
  JsonObject object(reply.body);
  write_moderated(site, object, done->rating);
  object.text("previous_status", done->previous_status);
  object.end();
  co_return reply;
}

}  // namespace

void add_moderation_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/moderation/ratings", get_moderation_ratings, {Access::moderator});
  table.add(Verb::post, "/api/v1/moderation/ratings/{rating_id}", post_moderation, {Access::moderator});
}

}  // namespace diary::http
