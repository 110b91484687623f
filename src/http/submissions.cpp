// SPDX-License-Identifier: Apache-2.0
#include "app/submissions.hpp"

#include <set>

#include "app/segments.hpp"
#include "http/fields.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/problem.hpp"
#include "http/submission_body.hpp"

namespace diary::http {
namespace {

// One row a segment; each id follows from the submission's and the segment, so that a retry is the same rows.
Result<RatingGroup> rows_of_route(const RatingBody& body, const std::vector<std::string>& segments) {
  RatingGroup group;
  std::set<std::string> unused;
  for (const auto& [segment, rating] : body.overrides) unused.insert(segment);
  for (const std::string& segment : segments) {
    RatingSubmission row = body.rating;
    row.segment_id = segment;
    row.rating_id = Uuid::derived(body.rating.rating_id, segment);
    if (const auto it = body.overrides.find(segment); it != body.overrides.end()) row.rating = it->second;
    unused.erase(segment);
    group.push_back(std::move(row));
  }
  if (!unused.empty())
    return fail(
        validation_error({{"overrides", "\"" + *unused.begin() + "\" is not a segment of the route", {}}}));
  return group;
}

// A group ends as the worst of its rows did. Some rows known and some not: the route has changed since.
Outcome outcome_of(const std::vector<RatingReceipt>& receipts, const RatingReceipt*& worst) {
  worst = &receipts.front();
  bool repeated = false;
  bool created = false;
  for (const RatingReceipt& receipt : receipts) {
    repeated = repeated || receipt.outcome == Outcome::repeated;
    created = created || receipt.outcome == Outcome::created;
    if (receipt.outcome != Outcome::created && receipt.outcome != Outcome::repeated) worst = &receipt;
  }
  if (worst->outcome != Outcome::created && worst->outcome != Outcome::repeated) return worst->outcome;
  if (repeated && created) return Outcome::mismatch;
  return worst->outcome;
}

Reply rating_reply(const RatingBody& body, const RatingReceipt& stored, bool is_new) {
  const RatingSubmission& sent = body.rating;
  Reply reply;
  reply.status = is_new ? 201 : 200;
  JsonObject object(reply.body);
  object.text("rating_id", sent.rating_id.text());
  if (sent.route_id) {
    object.text("route_id", sent.route_id->text());
  } else {
    object.text("segment_id", stored.segment_id);
  }
  object.raw("rating", std::to_string(sent.route_id ? sent.rating : stored.rating))
      .texts("tags", stored.tags)
      .maybe("comment", stored.comment)
      .text("timestamp", to_rfc3339(stored.submitted_at))
      .text("user_id", sent.user_id.text())
      .text("status", stored.status);
  object.end();
  return reply;
}

asio::awaitable<Result<RatingGroup>> rows_of(Site& site, const RatingBody& body) {
  if (!body.rating.route_id) co_return RatingGroup{body.rating};
  const auto segments = co_await site.database.run(
      [&] { return route_segments(site.gate, body.rating.user_id, *body.rating.route_id); });
  if (!segments) co_return fail(segments.error());
  co_return rows_of_route(body, *segments);
}

asio::awaitable<Reply> post_rating(Site& site, Request& request) {
  const auto body = parse_rating(request);
  if (!body) co_return problem(body.error(), request);
  auto group = co_await rows_of(site, *body);
  if (!group) co_return problem(group.error(), request);
  auto start = [&site, rows = std::move(*group)](const auto& done) mutable {
    site.submissions.rate(std::move(rows), done);
  };
  const auto receipts = co_await await_callback<Result<std::vector<RatingReceipt>>>(std::move(start));
  if (!receipts) co_return problem(receipts.error(), request);
  const RatingReceipt* receipt = nullptr;
  const Outcome outcome = outcome_of(*receipts, receipt);
  if (auto error = refusal(outcome, receipt->retry_after, receipt->segment_id, false))
    co_return problem(*error, request);
  co_return rating_reply(*body, *receipt, outcome == Outcome::created);
}

asio::awaitable<Reply> post_vote(Site& site, Request& request) {
  const auto vote = parse_vote(request);
  if (!vote) co_return problem(vote.error(), request);
  auto start = [&site, copy = *vote](const auto& done) mutable {
    site.submissions.vote(std::move(copy), done);
  };
  const auto receipt = co_await await_callback<Result<VoteReceipt>>(std::move(start));
  if (!receipt) co_return problem(receipt.error(), request);
  if (auto error = refusal(receipt->outcome, receipt->retry_after, vote->segment_id, true))
    co_return problem(*error, request);
  Reply reply;
  reply.status = receipt->outcome == Outcome::created ? 201 : 200;
  JsonObject object(reply.body);
  object.text("vote_id", vote->vote_id.text())
      .text("segment_id", vote->segment_id)
      .text("action", vote->action)
      .raw("implicit_rating", receipt->implicit_rating)
      .text("timestamp", to_rfc3339(receipt->submitted_at))
      .text("user_id", vote->user_id.text())
      .text("status", "accepted");
  object.end();
  co_return reply;
}

}  // namespace

void add_submission_routes(RouteTable& table) {
  table.add(Verb::post, "/api/v1/diary/ratings", post_rating,
            {.access = Access::caller, .check = Check::within});
  table.add(Verb::post, "/api/v1/diary/votes", post_vote, {.access = Access::caller, .check = Check::within});
}

}  // namespace diary::http
