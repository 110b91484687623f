// SPDX-License-Identifier: Apache-2.0
#pragma once

// The words and phrases that a moderator wants to see before everybody does. Compared without case and
// accents, whole words only, and past the simple ways around: signs and spaces between the letters, letters
// repeated, digits for letters, characters that nobody sees. No reading of meaning, no other alphabets'
// look-alikes.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace diary {

class WordList {
 public:
  static constexpr std::size_t max_bytes = 1 << 20;
  static constexpr std::size_t max_entries = 10'000;
  static constexpr std::size_t max_entry_chars = 100;

  WordList() = default;  // matches nothing

  // A word or phrase a line; "#" begins a comment. The error names the line.
  [[nodiscard]] static Result<WordList> parse(std::string_view text);

  // What of the list stands in the text, as the list writes it; each once, in the list's order.
  [[nodiscard]] std::vector<std::string> found_in(std::string_view text) const;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Words = std::vector<std::string>;
  struct Entry {
    std::string as_written;
    Words words;
  };

  void add(std::string as_written, Words words);
  void find_among(const Words& words, std::vector<bool>& found) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_first_;  // every form of an entry's first word
};

}  // namespace diary
