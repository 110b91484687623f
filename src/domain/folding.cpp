// SPDX-License-Identifier: Apache-2.0
#include "domain/folding.hpp"

#include <locale.h>
#include <wctype.h>

#include "base/utf8.hpp"

namespace diary {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(char32_t point, const Range (&ranges)[N]) {
  for (const Range& range : ranges) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

// Accents that stand for themselves, and what has no width: joiners, directions, variation selectors, tags.
constexpr Range invisible[] = {{0x00AD, 0x00AD}, {0x0300, 0x036F},  {0x061C, 0x061C}, {0x115F, 0x1160},
                               {0x17B4, 0x17B5}, {0x180B, 0x180E},  {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                               {0x200B, 0x200F}, {0x202A, 0x202E},  {0x2060, 0x206F}, {0x20D0, 0x20FF},
                               {0x3164, 0x3164}, {0xFE00, 0xFE0F},  {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
                               {0xFFA0, 0xFFA0}, {0xE0000, 0xE0FFF}};

// The plain letters of U+00C0 to U+017F; '*' where there is none or more than one.
constexpr std::string_view latin =
    "aaaaaa*ceeeeiiii*nooooo*ouuuuy**aaaaaa*ceeeeiiii*nooooo*ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(latin.size() == 0x180 - 0xC0);

// Those of U+1E00 to U+1E99.
constexpr std::string_view latin_additional =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo"
    "oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy";
static_assert(latin_additional.size() == 0x1E9A - 0x1E00);

// Vietnamese: the last code point of each letter's run from U+1EA0.
constexpr struct {
  char32_t last;
  char letter;
} vietnamese[] = {{0x1EB7, 'a'}, {0x1EC7, 'e'}, {0x1ECB, 'i'}, {0x1EE3, 'o'}, {0x1EF1, 'u'}, {0x1EF9, 'y'}};

std::string_view letters_for(char32_t point) {
  switch (point) {
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0xD0:
    case 0xF0:
      return "d";
    case 0xDE:
    case 0xFE:
      return "th";
    case 0xDF:
    case 0x1E9E:
      return "ss";
    case 0x132:
    case 0x133:
      return "ij";
    case 0x152:
    case 0x153:
      return "oe";
    default:
      return {};
  }
}

// 0 when the code point has no plain letter.
char plain_letter(char32_t point) {
  if (point >= 0xC0 && point < 0x180) {
    const char letter = latin[point - 0xC0];
    return letter == '*' ? '\0' : letter;
  }
  if (point >= 0x1E00 && point < 0x1E00 + latin_additional.size()) return latin_additional[point - 0x1E00];
  if (point >= 0x1EA0 && point <= 0x1EF9) {
    for (const auto& run : vietnamese) {
      if (point <= run.last) return run.letter;
    }
  }
  if (point >= 0xFF10 && point <= 0xFF19) return static_cast<char>('0' + (point - 0xFF10));  // full width
  if (point >= 0xFF21 && point <= 0xFF3A) return static_cast<char>('a' + (point - 0xFF21));
  if (point >= 0xFF41 && point <= 0xFF5A) return static_cast<char>('a' + (point - 0xFF41));
  if (point >= 0x24B6 && point <= 0x24CF) return static_cast<char>('a' + (point - 0x24B6));  // in circles
  if (point >= 0x24D0 && point <= 0x24E9) return static_cast<char>('a' + (point - 0x24D0));
  if (point >= 0x1D400 && point <= 0x1D6A3)
    return static_cast<char>('a' + (point - 0x1D400) % 26);  // bold, script
  return '\0';
}

// Whatever the environment says: that of UTF-8.
locale_t utf8_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

std::u32string fold(std::string_view utf8) {
  std::u32string folded;
  const auto points = decode_utf8(utf8);
  if (!points) return folded;
  for (const char32_t point : *points) {
    if (point < 0x80) {
      folded += point >= 'A' && point <= 'Z' ? point - 'A' + 'a' : point;
    } else if (is_in(point, invisible)) {
      continue;
    } else if (const auto letters = letters_for(point); !letters.empty()) {
      folded.append(letters.begin(), letters.end());
    } else if (const char letter = plain_letter(point); letter != '\0') {
      folded += static_cast<char32_t>(letter);
    } else {
      const locale_t locale = utf8_locale();
      folded +=
          locale == nullptr ? point : static_cast<char32_t>(towlower_l(static_cast<wint_t>(point), locale));
    }
  }
  return folded;
}

bool is_letter_or_digit(char32_t point) {
  if (point < 0x80)
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9');
  const locale_t locale = utf8_locale();
  return locale == nullptr || iswalnum_l(static_cast<wint_t>(point), locale) != 0;
}

bool is_space(char32_t point) {
  if (point <= 0x20 || point == 0x7F || point == 0xA0) return true;
  const locale_t locale = utf8_locale();
  return point >= 0x80 && locale != nullptr && iswspace_l(static_cast<wint_t>(point), locale) != 0;
}

}  // namespace diary
