// SPDX-License-Identifier: Apache-2.0
#include "domain/word_list.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "domain/folding.hpp"

namespace diary {
namespace {

using Words = std::vector<std::string>;

// Signs that stand for a letter within a word.
char32_t letter_of_sign(char32_t point) {
  if (point == '@') return 'a';
  return point == '$' ? U's' : point;
}

char letter_of_digit(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
      return 'i';
    case '3':
      return 'e';
    case '4':
      return 'a';
    case '5':
      return 's';
    case '7':
      return 't';
    default:
      return c;
  }
}

// A number stays one.
std::string without_digits(std::string word) {
  if (std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; })) return word;
  std::ranges::transform(word, word.begin(), letter_of_digit);
  return word;
}

// "noooo" as "no": of code points, which repeat as a whole.
std::string squeezed(const std::string& word) {
  std::string out;
  char32_t last = 0;
  const auto points = decode_utf8(word).value_or(U"");
  for (const char32_t point : points) {
    if (point != last) append_utf8(out, point);
    last = point;
  }
  return out;
}

bool is_drawn_out(const std::string& word) {
  const auto points = decode_utf8(word).value_or(U"");
  int run = 1;
  for (std::size_t i = 1; i < points.size(); ++i) {
    run = points[i] == points[i - 1] ? run + 1 : 1;
    if (run == 3) return true;
  }
  return false;
}

// The forms of a text's word under which a list's word may be meant. A list's own words have but their first
// and, to be compared with drawn out ones, the squeezed form with the mark before it.
constexpr char squeezed_mark = '~';
Words forms_of(const std::string& word) {
  Words forms{word};
  const std::string letters = without_digits(word);
  if (letters != word) forms.push_back(letters);
  if (is_drawn_out(word)) forms.push_back(squeezed_mark + squeezed(letters));
  return forms;
}
bool is_form(const std::string& form, const std::string& listed) {
  return form.front() == squeezed_mark ? form.substr(1) == squeezed(listed) : form == listed;
}

bool is_meant(const std::string& word, const std::string& listed) {
  return std::ranges::any_of(forms_of(word), [&](const std::string& form) { return is_form(form, listed); });
}

enum class Between { signs, spaces };  // what ends a word: any sign, or only a space

Words words_of(const std::u32string& folded, Between between) {
  Words words(1);
  for (const char32_t point : folded) {
    const char32_t letter = letter_of_sign(point);
    if (is_letter_or_digit(letter)) {
      append_utf8(words.back(), letter);
    } else if ((between == Between::signs || is_space(point)) && !words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "s p a m" as "spam".
Words with_letters_joined(const Words& words) {
  Words joined;
  bool open = false;
  for (const std::string& word : words) {
    const bool single = decode_utf8(word).value_or(U"").size() == 1;
    if (single && open) {
      joined.back() += word;
    } else {
      joined.push_back(word);
    }
    open = single;
  }
  return joined;
}

std::string_view trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<WordList> WordList::parse(std::string_view text) {
  if (text.size() > max_bytes)
    return fail(Errc::failed, "has more than " + std::to_string(max_bytes) + " bytes");
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  WordList list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    const auto refuse = [&](const std::string& why) {
      return fail(Errc::failed, "line " + std::to_string(number) + " " + why);
    };
    const auto points = decode_utf8(line);
    if (!points) return refuse("is not UTF-8");
    const std::string_view entry = trimmed(line);
    if (entry.empty()) continue;
    if (decode_utf8(entry).value_or(U"").size() > max_entry_chars)
      return refuse("has more than " + std::to_string(max_entry_chars) + " characters");
    Words words = words_of(fold(entry), Between::signs);
    if (words.empty()) return refuse("has no letter and no digit");
    if (list.size() == max_entries)
      return refuse("is one more than " + std::to_string(max_entries) + " entries");
    list.add(std::string(entry), std::move(words));
  }
  return list;
}

void WordList::add(std::string as_written, Words words) {
  const std::size_t index = entries_.size();
  by_first_[words.front()].push_back(index);
  by_first_[squeezed_mark + squeezed(words.front())].push_back(index);
  entries_.push_back({std::move(as_written), std::move(words)});
}

void WordList::find_among(const Words& words, std::vector<bool>& found) const {
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const std::string& form : forms_of(words[at])) {
      const auto it = by_first_.find(form);
      if (it == by_first_.end()) continue;
      for (const std::size_t index : it->second) {
        const Words& wanted = entries_[index].words;
        if (found[index] || wanted.size() > words.size() - at) continue;
        found[index] = std::equal(
            wanted.begin() + 1, wanted.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1,
            [](const std::string& listed, const std::string& word) { return is_meant(word, listed); });
      }
    }
  }
}

std::vector<std::string> WordList::found_in(std::string_view text) const {
  std::vector<std::string> names;
  if (entries_.empty()) return names;
  const std::u32string folded = fold(text);
  const Words words = words_of(folded, Between::signs);
  const Words unsigned_words = words_of(folded, Between::spaces);
  const Words joined = with_letters_joined(words);
  std::vector<bool> found(entries_.size());
  find_among(words, found);
  if (unsigned_words != words) find_among(unsigned_words, found);
  if (joined != words) find_among(joined, found);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (found[i]) names.push_back(entries_[i].as_written);
  }
  return names;
}

}  // namespace diary
