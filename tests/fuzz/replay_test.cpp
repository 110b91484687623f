// SPDX-License-Identifier: Apache-2.0
// Each fuzz target once more on its corpus, in the ordinary build.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#define DIARY_TARGET(name) extern "C" int fuzz_##name(const char* data, std::size_t size);
#include "targets.inc"
#undef DIARY_TARGET

namespace {

using Target = int (*)(const char*, std::size_t);

void replay(const std::string& name, Target target) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(DIARY_CORPUS) + "/" + name)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(target(bytes.data(), bytes.size()), 0);
    ++files;
  }
  EXPECT_GT(files, 0) << name;
}

#define DIARY_TARGET(name)       \
  TEST(Corpus, name) {           \
    replay(#name, &fuzz_##name); \
  }
#include "targets.inc"

}  // namespace
