// SPDX-License-Identifier: Apache-2.0
#include "snapshot/segment_text.hpp"

#include "base/log.hpp"

namespace diary::snapshot {
namespace {

constexpr std::string_view id_key = R"({"segment_id":)";

void append_score(std::string& out, const Score& score) {
  out += R"("decayed_mean":)";
  append_hundredths(out, score.mean);
  out += R"(,"n_eff":)";
  append_hundredths(out, score.n_eff);
  out += R"(,"confidence":)";
  append_hundredths(out, score.confidence);
  out += ',';
}

// Of a LiveSegment or a SegmentState.
template <class State>
std::string rest_of(const State& state) {
  return R"("top_tags":)" + state.top_tags + R"(,"delta_30d":)" + state.delta_30d + R"(,"last_updated":")" +
         to_rfc3339(state.changed_at) + "\"}";
}

}  // namespace

SegmentText::SegmentText(const LiveSegment& segment, const Score& score) {
  std::string text(id_key);
  log::append_json_string(text, segment.segment_id);
  id_end_ = static_cast<std::uint32_t>(text.size());
  text += R"(,"street":)";
  log::append_json_string(text, segment.street);
  if (segment.neighborhood) {
    text += R"(,"neighborhood":)";
    log::append_json_string(text, *segment.neighborhood);
  }
  text += R"(,"length_m":)" + segment.length_m + ',';
  geometry_at_ = static_cast<std::uint32_t>(text.size());
  text += R"("geometry":)" + segment.geometry + ',';
  numbers_at_ = static_cast<std::uint32_t>(text.size());
  append_score(text, score);
  rest_at_ = static_cast<std::uint32_t>(text.size());
  text += rest_of(segment);
  text_ = std::string(text);  // not a byte more than needed: there are many
  digest_ = digest_of(text_);
}

SegmentText SegmentText::with(const Score& score) const {
  return with(score, piece(rest_at_, text_.size()));
}

SegmentText SegmentText::with(const SegmentState& state, const Score& score) const {
  return with(score, rest_of(state));
}

SegmentText SegmentText::with(const Score& score, std::string_view rest) const {
  std::string text(piece(0, numbers_at_));
  append_score(text, score);
  const auto rest_at = static_cast<std::uint32_t>(text.size());
  text += rest;
  SegmentText made;
  made.text_ = std::string(text);
  made.digest_ = digest_of(text);
  made.id_end_ = id_end_;
  made.geometry_at_ = geometry_at_;
  made.numbers_at_ = numbers_at_;
  made.rest_at_ = rest_at;
  return made;
}

void SegmentText::append(std::string& out, Form form) const {
  if (form == Form::object) {
    out += text_;
    return;
  }
  if (form == Form::event) {
    out += piece(0, id_end_);
    out += ',';
    out += piece(numbers_at_, text_.size());
    return;
  }
  out += R"({"type":"Feature","id":)";
  out += piece(id_key.size(), id_end_);
  out += ',';
  out += piece(geometry_at_, numbers_at_);
  out += R"("properties":)";
  out += piece(0, geometry_at_);
  out += piece(numbers_at_, text_.size());
  out += '}';
}

}  // namespace diary::snapshot
