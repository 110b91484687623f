// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace diary {
namespace {

TEST(Uuid, RandomIsVersionFourAndRoundTrips) {
  const Uuid id = Uuid::random();
  EXPECT_EQ(id.text()[14], '4');
  EXPECT_EQ(Uuid::parse(id.text()), id);
  EXPECT_NE(Uuid::random(), id);
}

TEST(Uuid, TakesOnlyTheCanonicalForm) {
  EXPECT_TRUE(Uuid::parse("0B9F4B62-7D0E-4F0B-8F59-0B7C6E6E1A11"));
  for (const char* text : {"", "0b9f4b627d0e4f0b8f590b7c6e6e1a11", "{0b9f4b62-7d0e-4f0b-8f59-0b7c6e6e1a11}",
                           "0b9f4b62-7d0e-4f0b-8f59-0b7c6e6e1a1g", "0b9f4b62-7d0e-4f0b-8f59-0b7c6e6e1a11 "})
    EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Uuid, DerivesAsTheStandardDoes) {
  const Uuid dns = Uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value();
  EXPECT_EQ(Uuid::derived(dns, "www.example.com").text(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

}  // namespace
}  // namespace diary
