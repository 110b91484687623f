// SPDX-License-Identifier: Apache-2.0
#include "http/submission_body.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "domain/tags.hpp"
#include "http/fields.hpp"

namespace diary::http {
namespace {

constexpr std::size_t max_overrides = 1000;
constexpr std::size_t max_echo = 100;  // bytes of a header

// As JSON, as far as a header is text at all.
std::string echo(const std::string& header) {
  std::string json;
  if (is_utf8(header)) log::append_json_string(json, cut_utf8(header, max_echo));
  return json;
}

// The id that makes a submission retry-safe: of the body, or of the header, or a new one.
Uuid read_id(Fields& fields, const char* name, const Request& request, std::vector<FieldError>& errors) {
  auto id = fields.uuid(name);
  if (request.idempotency_key.empty()) return id ? *id : Uuid::random();
  const auto key = Uuid::parse(request.idempotency_key);
  if (!key) errors.push_back({"Idempotency-Key", "must be a UUID", echo(request.idempotency_key)});
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
    if (segment && rating && !body.overrides.emplace(*segment, *rating).second)
      item.complain("segment_id", "is given twice");
    fields.take(item.finish());
  }
}

}  // namespace

Result<RatingBody> parse_rating(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  RatingBody body;
  RatingSubmission& rating = body.rating;
  rating.user_id = request.caller->user_id;
  rating.token_id = request.caller->token_id;
  rating.issued_at = request.caller->issued_at;
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

Result<VoteSubmission> parse_vote(const Request& request) {
  auto object = parse_object(request.body);
  if (!object) return fail(std::move(object.error()));
  Fields fields(*object);
  std::vector<FieldError> errors;
  VoteSubmission vote;
  vote.user_id = request.caller->user_id;
  vote.token_id = request.caller->token_id;
  vote.issued_at = request.caller->issued_at;
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

}  // namespace diary::http
