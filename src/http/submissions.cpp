// SPDX-License-Identifier: Apache-2.0
#include "app/submissions.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "app/segments.hpp"
#include "domain/tags.hpp"
#include "http/fields.hpp"
#include "http/handlers.hpp"
#include "http/json_writer.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

constexpr std::size_t max_overrides = 1000;

struct RatingBody {
  RatingSubmission rating;               // segment_id empty when a route is rated
  std::map<std::string, int> overrides;  // segment -> rating
};

// The id that makes a submission retry-safe: of the body, or of the header, or a new one.
Uuid read_id(Fields& fields, const char* name, const Request& request, std::vector<FieldError>& errors) {
  auto id = fields.uuid(name);
  if (request.idempotency_key.empty()) return id ? *id : Uuid::random();
  const auto key = Uuid::parse(request.idempotency_key);
  if (!key) errors.push_back({"Idempotency-Key", "must be a UUID", {}});
  if (key && id && *key != *id)
    errors.push_back({"Idempotency-Key", std::string("must be the same as ") + name, {}});
  return id ? *id : key.value_or(Uuid{});
}

// When it happened: now unless the client says otherwise, within limits.
Time read_time(Fields& fields, bool& timed) {
  const Time at = now();
  const auto given = fields.time("timestamp");
  timed = given.has_value();
  if (given && (*given < at - limits::max_age || *given > at + limits::max_ahead))
    fields.complain("timestamp", "must be at most 24 hours in the past and 60 seconds ahead");
  return given.value_or(at);
}

std::vector<std::string> read_tags(Fields& fields) {
  std::vector<std::string> tags;
  const auto* items = fields.array("tags", limits::max_tags);
  if (items == nullptr) return tags;
  for (const auto& item : *items) {
    auto tag = item.is_string() ? normalize_tag(std::string_view(item.as_string())) : std::nullopt;
    if (!tag) {
      fields.complain("tags", "must be strings of 1 to 50 characters");
      return {};
    }
    if (std::find(tags.begin(), tags.end(), *tag) == tags.end()) tags.push_back(std::move(*tag));
  }
  return tags;
}

void read_metadata(Fields& fields, RatingSubmission& rating) {
  const auto* object = fields.object("metadata");
  if (object == nullptr) return;
  Fields metadata(*object, "metadata.");
  rating.device = metadata.one_of("device", {"mobile", "desktop", "tablet"});
  rating.source = metadata.one_of("source", {"recording", "manual", "community"});
  fields.take(metadata.finish());
}

void read_overrides(Fields& fields, RatingBody& body) {
  const auto* items = fields.array("overrides", max_overrides);
  if (items == nullptr) return;
  if (!body.rating.route_id) fields.complain("overrides", "go with route_id only");
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto* object = (*items)[i].if_object();
    if (object == nullptr) {
      fields.complain("overrides", "must be objects of segment_id and rating");
      return;
    }
    Fields item(*object, "overrides[" + std::to_string(i) + "].");
    item.require("segment_id");
    item.require("rating");
    const auto segment = item.text("segment_id", 1, limits::max_segment_id);
    const auto rating = item.integer("rating", 1, 5);
    if (segment && rating) body.overrides[*segment] = *rating;
    fields.take(item.finish());
  }
}

Result<RatingBody> parse_rating(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  RatingBody body;
  RatingSubmission& rating = body.rating;
  rating.user_id = request.caller->user_id;
  rating.rating_id = read_id(fields, "rating_id", request, errors);
  rating.segment_id = fields.text("segment_id", 1, limits::max_segment_id).value_or("");
  rating.route_id = fields.uuid("route_id");
  const auto has = [&](const char* name) { return object->contains(name) && !object->at(name).is_null(); };
  const bool has_segment = has("segment_id");
  if (has_segment == has("route_id"))
    fields.complain(has_segment ? "route_id" : "segment_id",
                    "exactly one of segment_id and route_id is required");
  fields.require("rating");
  rating.rating = fields.integer("rating", 1, 5).value_or(0);
  rating.tags = read_tags(fields);
  rating.comment = fields.text("comment", 0, limits::max_comment_chars);
  rating.submitted_at = read_time(fields, rating.timed);
  read_metadata(fields, rating);
  read_overrides(fields, body);
  for (FieldError& error : fields.finish()) errors.push_back(std::move(error));
  if (!errors.empty()) return fail(validation_error(std::move(errors)));
  return body;
}

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

Result<VoteSubmission> parse_vote(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  VoteSubmission vote;
  vote.user_id = request.caller->user_id;
  vote.vote_id = read_id(fields, "vote_id", request, errors);
  fields.require("segment_id");
  fields.require("action");
  vote.segment_id = fields.text("segment_id", 1, limits::max_segment_id).value_or("");
  vote.action = fields.one_of("action", {"agree", "safer"}).value_or("");
  vote.submitted_at = read_time(fields, vote.timed);
  for (FieldError& error : fields.finish()) errors.push_back(std::move(error));
  if (!errors.empty()) return fail(validation_error(std::move(errors)));
  return vote;
}

}  // namespace

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

}  // namespace diary::http
