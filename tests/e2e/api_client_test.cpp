// SPDX-License-Identifier: Apache-2.0
// The TypeScript client that is generated from the OpenAPI document, checked by tsc and run against a server.
#include "http/api_test.hpp"

namespace diary::http::test {
namespace {

TEST(ApiClient, RegistersRatesAndReadsBack) {
  support::Program node({"/usr/bin/env",
                         "DIARY_URL=http://127.0.0.1:" + std::to_string(world().server.port()),
                         "DIARY_SEGMENT=" + world().segment(), DIARY_NODE,
                         DIARY_SOURCE_DIR "/web/test/run.mjs", DIARY_OPENAPI, DIARY_WEB_OUT});
  const std::string said = node.rest();
  EXPECT_EQ(node.wait(), 0) << said;
  EXPECT_NE(said.find("registered, rated, read back"), std::string::npos) << said;
}

}  // namespace
}  // namespace diary::http::test
