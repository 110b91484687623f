// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdlib>

#include "base/utf8.hpp"
#include "domain/tags.hpp"
#include "http/account_body.hpp"
#include "http/problem.hpp"
#include "http/submission_body.hpp"

namespace {

using namespace diary;

// What a refusal says is JSON whatever was refused.
void check_refusal(const Error& error, const http::Request& request) {
  const auto reply = http::problem(error, request);
  boost::system::error_code ec;
  boost::json::parse(reply.body, ec);
  if (ec || !is_utf8(reply.body)) std::abort();
}

bool is_text(const std::string& text) {
  return is_utf8(text) && text.find('\0') == std::string::npos;
}

bool is_fine(const http::RatingBody& body) {
  const RatingSubmission& rating = body.rating;
  const bool of_segment = !rating.segment_id.empty();
  return of_segment != rating.route_id.has_value() && is_text(rating.segment_id) && rating.rating >= 1 &&
         rating.rating <= 5 && rating.tags.size() <= limits::max_tags &&
         is_text(rating.comment.value_or("")) && (body.overrides.empty() || rating.route_id) &&
         std::ranges::all_of(rating.tags, [](const auto& tag) { return normalize_tag(tag) == tag; }) &&
         std::ranges::all_of(body.overrides, [](const auto& item) {
           return is_text(item.first) && item.second >= 1 && item.second <= 5;
         });
}

}  // namespace

// Each reader of a body that makes a value of it. "#KEY" and a line's end before it: an Idempotency-Key.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  std::string_view bytes(data, size);
  http::Request request;
  request.caller.emplace();
  if (bytes.starts_with('#')) {
    const auto end = std::min(bytes.find('\n'), bytes.size() - 1);
    request.idempotency_key = bytes.substr(1, end - 1);
    bytes.remove_prefix(end + 1);
  }
  request.body = bytes;
  if (const auto rating = http::parse_rating(request); !rating) {
    check_refusal(rating.error(), request);
  } else if (!is_fine(*rating)) {
    std::abort();
  }
  if (const auto vote = http::parse_vote(request); !vote) {
    check_refusal(vote.error(), request);
  } else if (!is_text(vote->segment_id) || (vote->action != "agree" && vote->action != "safer")) {
    std::abort();
  }
  for (const bool is_new : {false, true}) {
    const auto account = http::parse_account(request.body, is_new);
    if (!account) {
      check_refusal(account.error(), request);
    } else if (!is_text(account->email) || !is_text(account->display_name.value_or("")) ||
               account->password.find('\0') != std::string::npos) {
      std::abort();
    }
  }
  if (const auto change = http::parse_change(request.body); !change) {
    check_refusal(change.error(), request);
  } else if ((change->change.email || change->password) && !change->current_password) {
    std::abort();
  }
  if (const auto farewell = http::parse_farewell(request.body); !farewell)
    check_refusal(farewell.error(), request);
  return 0;
}
