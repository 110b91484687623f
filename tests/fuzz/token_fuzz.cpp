// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "app/tokens.hpp"

// Nobody finds a token that nobody signed.
extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  static const diary::Tokens tokens(diary::secret_key("a secret of the fuzzers that signs nothing"),
                                    std::chrono::hours{1});
  if (tokens.verify(std::string(data, size))) std::abort();
  return 0;
}
