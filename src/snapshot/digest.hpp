// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first 128 bits of SHA-256: what a strong ETag is made of. The same on every server.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace diary::snapshot {

using Digest = std::array<unsigned char, 16>;

[[nodiscard]] Digest digest_of(std::string_view bytes);

void append_hex(std::string& out, const Digest& digest);

}  // namespace diary::snapshot
