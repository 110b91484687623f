// SPDX-License-Identifier: Apache-2.0
#include "domain/word_list.hpp"

#include <gtest/gtest.h>

#include "domain/folding.hpp"

namespace diary {
namespace {

std::string found(std::string_view list, std::string_view text) {
  const auto parsed = WordList::parse(list);
  EXPECT_TRUE(parsed) << parsed.error().message;
  if (!parsed) return {};
  std::string names;
  for (const std::string& name : parsed->found_in(text)) names += (names.empty() ? "" : "|") + name;
  return names;
}

std::string refusal(const std::string& list) {
  const auto parsed = WordList::parse(list);
  return parsed ? "" : parsed.error().message;
}

TEST(WordList, FindsWholeWordsAlone) {
  EXPECT_EQ(found("ass", "an ass."), "ass");
  EXPECT_EQ(found("ass", "class, assess, passage"), "");
  EXPECT_EQ(found("ass", "(ass)"), "ass");
  EXPECT_EQ(found("ass", "ass"), "ass");
  EXPECT_EQ(found("ass", ""), "");
  EXPECT_EQ(found("", "anything"), "");
}

TEST(WordList, WhateverTheCaseAndTheAccents) {
  for (const char* text : {"Cafe", "CAFÉ", "cafe\xCC\x81", "ｃａｆｅ", "𝐜𝐚𝐟𝐞", "ⓒⓐⓕⓔ"})
    EXPECT_EQ(found("café", text), "café") << text;
  EXPECT_EQ(found("Straße", "STRASSE"), "Straße");
  EXPECT_EQ(found("łódź", "LODZ"), "łódź");
  EXPECT_EQ(found("việt", "viet"), "việt");
  EXPECT_EQ(found("ПЛОХО", "плохо"), "ПЛОХО") << "other alphabets, by case";
  EXPECT_EQ(found("плохо", "хорошо"), "");
}

TEST(WordList, PhrasesAreWordsInARow) {
  EXPECT_EQ(found("go  home", "Go   home, all of you"), "go  home");
  EXPECT_EQ(found("go home", "go\n\thome"), "go home");
  EXPECT_EQ(found("go home", "go, home!"), "go home");
  EXPECT_EQ(found("go home", "go back home"), "");
  EXPECT_EQ(found("go home", "home go"), "");
  EXPECT_EQ(found("go home", "go"), "");
}

TEST(WordList, SimpleEvasionsAreSeenThrough) {
  for (const char* text : {"s p a m", "s.p.a.m", "s_p_a_m", "S  P  A  M", "sp*am", "s-p-am",
                           "sp\xE2\x80\x8B"
                           "am",
                           "sp\xC2\xAD"
                           "am",
                           "spaaaam", "SSSPAM", "$pam", "sp@m", "5pam", "sp4m", "$p4aaam"})
    EXPECT_EQ(found("spam", text), "spam") << text;
  EXPECT_EQ(found("boot", "boooot"), "boot");
  EXPECT_EQ(found("go home", "g0 hooome"), "go home");
  EXPECT_EQ(found("h3ll", "h3ll"), "h3ll") << "as it stands in the list";
}

TEST(WordList, AndNoMoreThanThose) {
  EXPECT_EQ(found("spam", "sp am"), "") << "two words";
  EXPECT_EQ(found("bot", "boot"), "") << "a letter twice is a word of its own";
  EXPECT_EQ(found("io", "10"), "") << "a number is a number";
  EXPECT_EQ(found("10", "10"), "10");
  EXPECT_EQ(found("ham", "a ham"), "ham");
  EXPECT_EQ(found("aham", "a ham"), "") << "one letter and a word are no spelled out word";
  EXPECT_EQ(found("spam", "\xFF spam"), "") << "no text";
}

TEST(WordList, NamesWhatItFoundOnce) {
  EXPECT_EQ(found("one\ntwo\nthree", "Three two TWO two"), "two|three");
  EXPECT_EQ(found("go\ngo home", "go home"), "go|go home");
}

TEST(WordList, LinesAndComments) {
  const auto list = WordList::parse("\xEF\xBB\xBF# words\r\n one \r\n\r\ntwo # why\n\t#\nthree");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->size(), 3U);
  EXPECT_EQ(list->found_in("one two three words why").size(), 3U);
}

TEST(WordList, RefusesByLine) {
  EXPECT_EQ(refusal("fine\n\xFF\n"), "line 2 is not UTF-8");
  EXPECT_EQ(refusal("fine\n\n***\n"), "line 3 has no letter and no digit");
  EXPECT_EQ(refusal(std::string(100, 'x')), "");
  EXPECT_EQ(refusal("\n" + std::string(101, 'x')), "line 2 has more than 100 characters");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "w" + std::to_string(i) + "\n";
  EXPECT_EQ(refusal(many), "");
  EXPECT_EQ(refusal(many + "# no entry\n"), "");
  EXPECT_EQ(refusal(many + "more"), "line 10001 is one more than 10000 entries");
  EXPECT_EQ(refusal(std::string(1 << 20, '\n')), "");
  EXPECT_EQ(refusal(std::string((1 << 20) + 1, '\n')), "has more than 1048576 bytes");
}

TEST(Fold, IsPlainLowerCase) {
  EXPECT_EQ(fold("ÀÉÎÕÜ ÆØÅ ŒŠŽ ĲÐÞ"), U"aeiou aeoa oesz ijdth");
  EXPECT_EQ(fold("Ắ Ệ Ị Ộ Ự Ỹ ḀẔ"), U"a e i o u y az");
  EXPECT_EQ(fold("街 Ω"), U"街 ω");
  EXPECT_EQ(fold("\xFF"), U"");
}

}  // namespace
}  // namespace diary
