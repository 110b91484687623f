// SPDX-License-Identifier: Apache-2.0
#pragma once

// A set of small numbers that is filled, read in rising order and emptied again and again: a bit for each
// number, and a bit for each 64 of those that has any. Sorts nothing. Not thread-safe.

#include <bit>
#include <cstdint>
#include <vector>

namespace diary::snapshot {

class RankSet {
 public:
  // Empties it, for numbers below `bound`.
  void begin(std::size_t bound) {
    clear();
    const std::size_t words = bound / bits + 1;
    if (words <= words_.size()) return;
    words_.resize(words);
    groups_.resize(words / bits + 1);
  }

  // Each number once.
  void add(std::uint32_t number) {
    const std::size_t word = number / bits;
    words_[word] |= bit(number);
    groups_[word / bits] |= bit(word);
    ++size_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

  // Calls take(number) for those from `from` on but the first `skipped`, rising, until it returns false.
  template <class Take>
  void each(std::size_t from, std::size_t skipped, Take take) const {
    const std::size_t first = from / bits;
    each_word(first, [&](std::size_t word) {
      std::uint64_t left = words_[word];
      if (word == first) left &= ~std::uint64_t{0} << from % bits;
      const auto count = static_cast<std::size_t>(std::popcount(left));
      if (count <= skipped) {
        skipped -= count;
        return true;
      }
      for (; skipped > 0; --skipped) left &= left - 1;
      for (; left != 0; left &= left - 1)
        if (!take(static_cast<std::uint32_t>(word * bits + lowest(left)))) return false;
      return true;
    });
  }

 private:
  static constexpr std::size_t bits = 64;
  static std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number % bits; }
  static std::size_t lowest(std::uint64_t word) { return static_cast<std::size_t>(std::countr_zero(word)); }

  // Calls take(word) for the words from `first` on that are not empty, until it returns false.
  template <class Take>
  void each_word(std::size_t first, Take take) const {
    for (std::size_t group = first / bits; group < groups_.size(); ++group) {
      std::uint64_t left = groups_[group];
      if (group == first / bits) left &= ~std::uint64_t{0} << first % bits;
      for (; left != 0; left &= left - 1)
        if (!take(group * bits + lowest(left))) return;
    }
  }

  void clear() {
    each_word(0, [this](std::size_t word) {
      words_[word] = 0;
      return true;
    });
    for (std::uint64_t& group : groups_) group = 0;
    size_ = 0;
  }

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> groups_;
  std::size_t size_ = 0;
};

}  // namespace diary::snapshot
