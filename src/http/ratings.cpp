// SPDX-License-Identifier: Apache-2.0
#include "app/ratings.hpp"

#include "http/handlers.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/rating_pages.hpp"

namespace diary::http {
namespace {

constexpr int max_found = 50;
constexpr std::size_t max_query_chars = 200;

Error no_rating() {
  return Error{Errc::not_found, "you have no such rating"};
}

// What a search box sends; blanks alone are nothing to look for.
std::string read_words(QueryReader& reader) {
  reader.require("q");
  return reader.text("q", 1, max_query_chars).value_or("");
}

asio::awaitable<Reply> get_segment_ratings(Site& site, Request& request) {
  QueryReader reader(request);
  const int limit = read_limit(reader);
  const auto after = read_public_mark(reader);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const std::string& id = request.captures[0];
  const auto page = co_await site.database.run([&] { return segment_ratings(site.gate, id, limit, after); });
  if (!page) co_return problem(page.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.text("segment_id", id);
  write_page(reply.body, object, *page, limit,
             [](JsonObject& row, const PublicRating& rating) { write_rating(row, rating); });
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_ratings_search(Site& site, Request& request) {
  QueryReader reader(request);
  const std::string words = read_words(reader);
  const int limit = read_limit(reader, max_found);
  const auto after = read_public_mark(reader);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto page =
      co_await site.database.run([&] { return search_comments(site.gate, words, limit, after); });
  if (!page) co_return problem(page.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  write_page(reply.body, object, *page, limit, [](JsonObject& row, const PublicRating& rating) {
    write_rating(row, rating);
    row.text("street", rating.street).text("headline", rating.headline);
  });
  object.end();
  co_return reply;
}

void write_street(std::string& out, const StreetFound& street) {
  JsonObject object(out);
  object.text("street", street.street)
      .maybe("neighborhood", street.neighborhood)
      .raw("segment_count", street.segment_count)
      .raw("similarity", street.similarity)
      .raw("bbox",
           '[' + street.bbox[0] + ',' + street.bbox[1] + ',' + street.bbox[2] + ',' + street.bbox[3] + ']')
      .raw("center", '[' + street.center[0] + ',' + street.center[1] + ']')
      .text("segment_id", street.segment_id);
  object.end();
}

asio::awaitable<Reply> get_segments_search(Site& site, Request& request) {
  QueryReader reader(request);
  const std::string name = read_words(reader);
  const int limit = read_limit(reader, max_found);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const auto found = co_await site.database.run([&] { return search_streets(site.gate, name, limit); });
  if (!found) co_return problem(found.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  object.key("streets");
  reply.body += '[';
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (i > 0) reply.body += ',';
    write_street(reply.body, (*found)[i]);
  }
  reply.body += ']';
  object.raw("limit", std::to_string(limit));
  object.end();
  co_return reply;
}

asio::awaitable<Reply> get_own_ratings(Site& site, Request& request) {
  QueryReader reader(request);
  const int limit = read_limit(reader);
  const auto after = read_rating_mark(reader);
  if (!reader.fine()) co_return problem(reader.error(), request);
  const Uuid caller = request.caller->user_id;
  const auto page = co_await site.database.run([&] { return own_ratings(site.gate, caller, limit, after); });
  if (!page) co_return problem(page.error(), request);
  Reply reply;
  JsonObject object(reply.body);
  write_page(reply.body, object, *page, limit,
             [](JsonObject& row, const FullRating& rating) { write_rating(row, rating); });
  object.end();
  co_return reply;
}

asio::awaitable<Reply> delete_rating(Site& site, Request& request) {
  const auto id = Uuid::parse(request.captures[0]);
  if (!id) co_return problem(no_rating(), request);
  const Uuid caller = request.caller->user_id;
  const auto gone = co_await site.database.run([&] { return withdraw_rating(site.gate, caller, *id); });
  if (!gone) co_return problem(gone.error(), request);
  co_await catch_up(site);
  Reply reply;
  reply.status = 204;
  co_return reply;
}

}  // namespace

void add_rating_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/diary/segments/search", get_segments_search);
  table.add(Verb::get, "/api/v1/diary/segments/{segment_id}/ratings", get_segment_ratings);
  table.add(Verb::get, "/api/v1/diary/ratings/search", get_ratings_search);
  table.add(Verb::delete_, "/api/v1/diary/ratings/{rating_id}", delete_rating, {Access::caller});
  table.add(Verb::get, "/api/v1/me/ratings", get_own_ratings, {Access::caller});
}

}  // namespace diary::http
