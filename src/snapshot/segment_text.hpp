// SPDX-License-Identifier: Apache-2.0
#pragma once

// A segment as JSON, rendered once and kept until one of its numbers changes: as an object, whose pieces also
// make the GeoJSON feature.

#include <cstdint>
#include <string>
#include <string_view>

#include "snapshot/digest.hpp"
#include "snapshot/score.hpp"
#include "store/city_store.hpp"

namespace diary::snapshot {

enum class Form {
  object,
  feature,
  event,  // who it is, and what ratings change of it
};

class SegmentText {
 public:
  SegmentText() = default;
  SegmentText(const LiveSegment& segment, const Score& score);

  // The same with other numbers.
  [[nodiscard]] SegmentText with(const Score& score) const;
  // The same street after it was rated.
  [[nodiscard]] SegmentText with(const SegmentState& state, const Score& score) const;

  void append(std::string& out, Form form) const;
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  // Has the processor fetch the text.
  void prefetch() const {
    constexpr std::size_t line = 64;
    for (std::size_t at = 0; at < text_.size() && at < 8 * line; at += line)
      __builtin_prefetch(text_.data() + at);
  }

 private:
  [[nodiscard]] SegmentText with(const Score& score, std::string_view rest) const;
  [[nodiscard]] std::string_view piece(std::size_t from, std::size_t to) const {
    return std::string_view(text_).substr(from, to - from);
  }

  // {"segment_id":ID,"street":...,"length_m":N,|"geometry":{...},|"decayed_mean":N,...|"top_tags":...}
  std::string text_;
  Digest digest_{};
  std::uint32_t id_end_ = 0;
  std::uint32_t geometry_at_ = 0;
  std::uint32_t numbers_at_ = 0;
  std::uint32_t rest_at_ = 0;
};

}  // namespace diary::snapshot
