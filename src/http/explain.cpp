// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/statistics.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/on_db.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"

namespace diary::http {
namespace {

std::string or_null(const std::optional<std::string>& decimal) {
  return decimal.value_or("null");
}

void write_bucket(JsonObject& object, const AgeBucket& bucket) {
  object.raw("from_days", std::to_string(bucket.from_days))
      .raw("to_days", std::to_string(bucket.to_days))
      .raw("count", std::to_string(bucket.count))
      .raw("mean_value", or_null(bucket.mean_value))
      .raw("weight", bucket.weight)
      .raw("weighted_sum", bucket.weighted_sum)
      .raw("part", bucket.part);
}

void write_prior(JsonObject& object, std::string& out, const Explanation& e) {
  object.key("prior");
  JsonObject member(out);
  member.raw("mean", "3").raw("weight", "5").raw("weighted_sum", "15").raw("part", e.prior_part).end();
}

void write_votes(JsonObject& object, std::string& out, const Explanation& e) {
  object.key("votes");
  JsonObject member(out);
  member.raw("agree", std::to_string(e.agree))
      .raw("safer", std::to_string(e.safer))
      .raw("decayed_mean_without", e.mean_without_votes);
  write_list(member, out, "by_age", e.votes, write_bucket);
  member.end();
}

void write_window(JsonObject& object, std::string& out, const char* name, const WindowMean& window) {
  object.key(name);
  JsonObject member(out);
  member.raw("n", std::to_string(window.count)).raw("mean", or_null(window.mean)).end();
}

void write_delta(JsonObject& object, std::string& out, const Explanation& e) {
  object.key("delta_30d");
  JsonObject member(out);
  member.raw("value", e.delta_30d);
  write_window(member, out, "recent", e.recent);
  write_window(member, out, "older", e.older);
  member.end();
}

void write_interval(JsonObject& object, std::string& out, const Interval& interval) {
  object.key("interval");
  JsonObject member(out);
  member.raw("level", "0.95")
      .raw("low", fmt::format("{:.2f}", interval.low))
      .raw("high", fmt::format("{:.2f}", interval.high))
      .raw("standard_error", fmt::format("{:.4f}", interval.standard_error))
      .raw("degrees_of_freedom", fmt::format("{:.2f}", interval.freedom))
      .end();
}

void write_explanation(std::string& out, const Explanation& e) {
  JsonObject object(out);
  object.text("segment_id", e.segment_id)
      .text("at", to_rfc3339(e.at))
      .raw("decayed_mean", e.decayed_mean)
      .raw("n_eff", e.n_eff)
      .raw("confidence", e.confidence)
      .raw("n_samples", std::to_string(e.n_samples))
      .raw("kish_n", e.kish_n.value_or("0"))
      .raw("sum_of_weights", e.sum_of_weights)
      .raw("weighted_sum", e.weighted_sum);
  write_prior(object, out, e);
  object.key("ratings");
  JsonObject ratings(out);
  write_list(ratings, out, "by_age", e.ratings, write_bucket);
  ratings.end();
  write_votes(object, out, e);
  write_delta(object, out, e);
  write_list(object, out, "tags", e.tags, [](JsonObject& member, const auto& tag) {
    member.text("tag", tag.first).raw("count", std::to_string(tag.second));
  });
  write_interval(object, out, e.interval);
  object.end();
}

asio::awaitable<Reply> get_explanation(Site& site, Request& request) {
  QueryReader reader(request);
  const auto at = reader.time("at");
  if (at && *at > now()) reader.complain("at", "must be past");
  if (!reader.fine()) co_return problem(reader.error(), request);
  const std::string& id = request.captures[0];
  const auto use_case = [&](pg::Connection& c) { return explain_score(c, id, at); };
  const auto explanation = co_await on_db(site, request, use_case);
  if (!explanation) co_return problem(explanation.error(), request);
  Reply reply;
  write_explanation(reply.body, *explanation);
  co_return reply;
}

}  // namespace

void add_explain_routes(RouteTable& table) {
  table.add(Verb::get, "/api/v1/diary/segments/{segment_id}/explain", get_explanation);
}

}  // namespace diary::http
