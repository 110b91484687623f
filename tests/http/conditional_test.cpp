// SPDX-License-Identifier: Apache-2.0
#include "http/conditional.hpp"

#include <gtest/gtest.h>

namespace diary::http {
namespace {

TEST(Conditional, NamesATag) {
  for (const char* field : {"\"a\"", "W/\"a\"", "*", " * ", "\"b\", \"a\"", "\"b\",\"a\",\"c\"",
                            "W/\"b\" , W/\"a\"", "\"x,y\", \"a\"", ",, \"a\" ,", "\"W/\", \"a\""})
    EXPECT_TRUE(names_tag(field, "\"a\"")) << field;
  EXPECT_TRUE(names_tag("\"a\"", "W/\"a\"")) << "the weak comparison";
}

TEST(Conditional, DoesNotNameAnother) {
  for (const char* field : {"",
                            " ",
                            "\"b\"",
                            "a",
                            "\"ab\"",
                            "\"A\"",
                            "\"a",
                            "a\"",
                            "\"b,a\"",
                            "w/\"a\"",
                            "W\"a\"",
                            "**",
                            "*, \"a\"",
                            "\"a\", *",
                            "\"a\" \"b\"",
                            "\"a\"x",
                            "\"a\", nonsense",
                            "\"\"",
                            "W/",
                            "\"b \", \"a\""})
    EXPECT_FALSE(names_tag(field, "\"a\"")) << field;
  EXPECT_FALSE(names_tag("\"a\"", "\"a-gzip\""));
}

TEST(Conditional, AWeakTagIsNoneToTheStrongComparison) {
  const auto names = [](const char* field) { return names_tag(field, "\"a\"", Comparison::strong); };
  for (const char* field : {"\"a\"", "*", "W/\"a\", \"a\"", "\"W/\",\"a\"", ",\"b\",\"a\""})
    EXPECT_TRUE(names(field)) << field;
  for (const char* field :
       {"W/\"a\"", "\"b\", W/\"a\"", "\"a-gzip\"", "\"b\" \"a\"", "x\"a\"", "\"a\"\"", ""})
    EXPECT_FALSE(names(field)) << field;
}

}  // namespace
}  // namespace diary::http
