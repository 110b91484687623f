// SPDX-License-Identifier: Apache-2.0
#include "import/way_cutter.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace diary::import {
namespace {

constexpr std::size_t max_id = 50;

std::string in_base_36(std::int64_t value) {
  std::array<char, 16> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), static_cast<std::uint64_t>(value), 36).ptr;
  return {text.data(), end};
}

template <class Print>
std::string join(char first, std::initializer_list<std::int64_t> numbers, Print print) {
  std::string out(1, first);
  for (const std::int64_t number : numbers) {
    if (out.size() > 1) out += '_';
    out += print(number);
  }
  return out;
}

}  // namespace

std::span<const std::int64_t> without_repeats(std::span<const std::int64_t> refs,
                                              std::vector<std::int64_t>& scratch) {
  if (std::adjacent_find(refs.begin(), refs.end()) == refs.end()) return refs;
  scratch.clear();
  std::unique_copy(refs.begin(), refs.end(), std::back_inserter(scratch));
  return scratch;
}

std::string piece_id(std::int64_t way, std::int64_t from, std::int64_t from_visit, std::int64_t to,
                     std::int64_t to_visit) {
  if (from > to) {
    std::swap(from, to);
    std::swap(from_visit, to_visit);
  }
  const bool plain = from_visit == 1 && to_visit == (from == to ? 2 : 1);
  const auto decimal = [](std::int64_t n) { return std::to_string(n); };
  std::string id =
      plain ? join('w', {way, from, to}, decimal) : join('w', {way, from, to, from_visit, to_visit}, decimal);
  if (id.size() <= max_id) return id;
  // Numbers that OpenStreetMap will not reach for centuries, but converters make up. Both visits are joined
  // into one number, so that it still fits for any way that comes back to a node fewer than four thousand
  // times.
  return plain ? join('x', {way, from, to}, in_base_36)
               : join('x', {way, from, to, (from_visit << 24) + to_visit}, in_base_36);
}

void WayCutter::count_visits(std::span<const std::int64_t> refs) {
  visits_.clear();
  for (std::size_t i = 0; i < refs.size(); ++i) visits_.emplace_back(refs[i], i);
  std::sort(visits_.begin(), visits_.end());
}

std::int64_t WayCutter::visit(std::int64_t ref, std::size_t position) const {
  const auto first = std::lower_bound(visits_.begin(), visits_.end(), std::pair{ref, std::size_t{0}});
  const auto here = std::lower_bound(first, visits_.end(), std::pair{ref, position});
  return here - first + 1;
}

void WayCutter::flush(std::int64_t way, std::span<const std::int64_t> refs, std::size_t end,
                      const std::function<void(const Piece&)>& emit) {
  if (piece_.line.size() >= 2) {
    piece_.from = refs[begin_];
    piece_.to = refs[end];
    piece_.id = piece_id(way, piece_.from, visit(piece_.from, begin_), piece_.to, visit(piece_.to, end));
    emit(piece_);
  }
  piece_.line.clear();
}

bool WayCutter::cut(std::int64_t way, std::span<const std::int64_t> refs,
                    const std::function<void(const Piece&)>& emit) {
  count_visits(refs);
  piece_.line.clear();
  bool complete = true;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const auto node = nodes_.find(refs[i]);
    if (!node) {
      complete = false;
      if (i > 0) flush(way, refs, i - 1, emit);
      continue;
    }
    if (piece_.line.empty()) begin_ = i;
    piece_.line.push_back(node->at);
    if (i + 1 == refs.size() || (node->junction && i != begin_)) {
      flush(way, refs, i, emit);
      begin_ = i;
      piece_.line.push_back(node->at);
    }
  }
  return complete;
}

}  // namespace diary::import
