// SPDX-License-Identifier: Apache-2.0
#include "http/fields.hpp"

#include <gtest/gtest.h>

namespace diary::http {
namespace {

std::vector<std::string> names(const std::vector<FieldError>& errors) {
  std::vector<std::string> found;
  found.reserve(errors.size());
  for (const FieldError& error : errors) found.push_back(error.field);
  return found;
}

TEST(Fields, ReadsWhatIsRight) {
  const auto object = parse_object(R"({"t":"text","n":5,"w":"b","id":"018f4d9e-0000-4000-8000-000000000001",
    "at":"2026-01-02T03:04:05Z","list":[1,2],"inner":{}})");
  ASSERT_TRUE(object);
  Fields fields(*object);
  EXPECT_EQ(fields.text("t", 1, 4), "text");
  EXPECT_EQ(fields.integer("n", 1, 5), 5);
  EXPECT_EQ(fields.one_of("w", {"a", "b"}), "b");
  EXPECT_TRUE(fields.uuid("id"));
  EXPECT_TRUE(fields.time("at"));
  EXPECT_NE(fields.array("list", 2), nullptr);
  EXPECT_NE(fields.object("inner"), nullptr);
  EXPECT_TRUE(fields.finish().empty());
}

TEST(Fields, NotesEveryWrongOneWithItsValue) {
  const auto object =
      parse_object(R"({"t":"texts","n":6,"w":"c","id":"x","at":"now","list":[1,2,3],"inner":[],"more":1})");
  ASSERT_TRUE(object);
  Fields fields(*object, "p.");
  EXPECT_FALSE(fields.text("t", 1, 4));
  EXPECT_FALSE(fields.integer("n", 1, 5));
  EXPECT_FALSE(fields.one_of("w", {"a", "b"}));
  EXPECT_FALSE(fields.uuid("id"));
  EXPECT_FALSE(fields.time("at"));
  EXPECT_EQ(fields.array("list", 2), nullptr);
  EXPECT_EQ(fields.object("inner"), nullptr);
  fields.require("absent");
  const auto errors = fields.finish();
  EXPECT_EQ(names(errors), (std::vector<std::string>{"p.t", "p.n", "p.w", "p.id", "p.at", "p.list", "p.inner",
                                                     "p.absent", "p.more"}));
  EXPECT_EQ(errors[0].value, "\"texts\"");
  EXPECT_EQ(errors[1].value, "6");
  EXPECT_EQ(errors[7].value, "");
}

TEST(Fields, NullIsAbsent) {
  const auto object = parse_object(R"({"t":null})");
  Fields fields(*object);
  EXPECT_FALSE(fields.text("t", 1, 4));
  fields.require("t");
  EXPECT_EQ(names(fields.finish()), std::vector<std::string>{"t"});
}

TEST(Fields, IntegersAreIntegers) {
  for (const char* text : {"4.5", "\"4\"", "1e400", "99999999999999999999", "true", "[4]", "-1"}) {
    const auto object = parse_object(std::string(R"({"n":)") + text + "}");
    if (!object) continue;  // 1e400 is none of JSON's numbers here
    Fields fields(*object);
    EXPECT_FALSE(fields.integer("n", 1, 5)) << text;
    EXPECT_EQ(fields.finish().size(), 1U) << text;
  }
}

TEST(Fields, LargeValuesAreNotSentBack) {
  const auto object = parse_object("{\"t\":\"" + std::string(1000, 'x') + "\"}");
  Fields fields(*object);
  EXPECT_FALSE(fields.text("t", 0, 10));
  EXPECT_EQ(fields.finish().at(0).value, "");
}

TEST(Fields, CharactersAreCodePoints) {
  EXPECT_EQ(count_chars(""), 0U);
  EXPECT_EQ(count_chars("aé街🚶"), 4U);
}

TEST(ParseObject, SaysWhereItBreaks) {
  const auto broken = parse_object("{\"a\": }");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Errc::malformed);
  EXPECT_TRUE(broken.error().message.starts_with("malformed JSON at byte 6")) << broken.error().message;
  const auto deep = parse_object("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}");
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, Errc::malformed);
  const auto list = parse_object("[]");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Errc::validation);
}

TEST(ValidationError, SaysAll) {
  const auto error = validation_error({{"a", "is wrong", "1"}, {"b", "is required", ""}});
  EXPECT_EQ(error.message, "a is wrong; b is required");
  EXPECT_EQ(error.fields.size(), 2U);
}

TEST(ValidationError, NamesAHundredAtMost) {
  const std::vector<FieldError> hundred(100, {"a", "is wrong", "1"});
  EXPECT_EQ(validation_error(hundred).fields.size(), 100U);
  EXPECT_EQ(validation_error(hundred).message.find("more"), std::string::npos);
  const std::vector<FieldError> over(1000, {"a", "is wrong", "1"});
  const auto error = validation_error(over);
  EXPECT_EQ(error.fields.size(), 100U);
  EXPECT_TRUE(error.message.ends_with("; and 900 more")) << error.message;
}

TEST(Fields, LongNamesAreCut) {
  const auto object = parse_object("{\"" + std::string(99, 'x') + "\u00e9\":1}");
  ASSERT_TRUE(object);
  Fields fields(*object);
  EXPECT_EQ(fields.finish().at(0).field, std::string(99, 'x')) << "and never within a letter";
}

}  // namespace
}  // namespace diary::http
