// SPDX-License-Identifier: Apache-2.0
#include "http/problem.hpp"

#include "http/json_writer.hpp"

namespace diary::http {
namespace {

// `value` is the JSON of what was sent; absent when nothing was.
void write_field(std::string& out, const FieldError& field) {
  JsonObject object(out);
  object.text("field", field.field).text("message", field.message);
  if (!field.value.empty()) object.raw("value", field.value);
  object.end();
}

Reply write(const ProblemKind& kind, const Error& error, const Request& request) {
  Reply reply;
  reply.status = kind.status;
  reply.content_type = "application/problem+json";
  JsonObject object(reply.body);
  object.text("type", std::string("urn:diary:problem:") + kind.error)
      .text("title", kind.title)
      .raw("status", std::to_string(kind.status))
      .text("detail", error.message)
      .text("instance", request.path)
      .text("error", kind.error)
      .text("message", error.message);
  if (!error.fields.empty()) {
    object.text("field", error.fields.front().field);
    if (!error.fields.front().value.empty()) object.raw("value", error.fields.front().value);
  }
  if (error.fields.size() > 1) {
    object.key("errors");
    for (std::size_t i = 0; i < error.fields.size(); ++i) {
      reply.body += i == 0 ? '[' : ',';
      write_field(reply.body, error.fields[i]);
    }
    reply.body += ']';
  }
  if (error.retry_after) {
    const std::string seconds = std::to_string(error.retry_after->count());
    object.raw("retry_after", seconds);
    reply.headers.emplace_back("Retry-After", seconds);
  }
  object.end();
  if (kind.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

}  // namespace

ProblemKind problem_kind(Errc code) {
  switch (code) {
    case Errc::validation:
      return {400, "validation_error", "The request has wrong fields"};
    case Errc::malformed:
      return {400, "malformed", "The request cannot be read"};
    case Errc::unauthorized:
      return {401, "unauthorized", "Who are you?"};
    case Errc::forbidden:
      return {403, "forbidden", "You may not do this"};
    case Errc::not_found:
      return {404, "not_found", "There is no such thing"};
    case Errc::no_route:
      return {404, "no_route", "There is no way there"};
    case Errc::email_taken:
      return {409, "email_taken", "The e-mail address is taken"};
    case Errc::duplicate_rating:
      return {409, "duplicate_rating", "Rated too recently"};
    case Errc::duplicate_vote:
      return {409, "duplicate_vote", "Voted too recently"};
    case Errc::conflict:
      return {409, "conflict", "That is not possible beside what is there"};
    case Errc::unprocessable:
      return {422, "unprocessable", "That cannot be"};
    case Errc::idempotency_mismatch:
      return {409, "idempotency_mismatch", "The id was used before"};
    case Errc::rate_limited:
      return {429, "rate_limit_exceeded", "Too many requests"};
    case Errc::unavailable:
      return {503, "unavailable", "Not now"};
    case Errc::failed:
      return {500, "internal_error", "Internal error"};
  }
  return {500, "internal_error", "Internal error"};
}

Reply problem(const Error& error, const Request& request) {
  return write(problem_kind(error.code), error, request);
}

Reply not_loaded(const Request& request) {
  return problem(Error{Errc::unavailable, "the city is being loaded", {}, std::chrono::seconds{1}}, request);
}

Reply problem(unsigned status, const char* error, const char* title, const std::string& detail,
              const Request& request) {
  return write({status, error, title}, Error{Errc::failed, detail}, request);
}

}  // namespace diary::http
