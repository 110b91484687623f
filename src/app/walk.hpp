// SPDX-License-Identifier: Apache-2.0
#pragma once

// From drafted to stored: joins a walk's segments, computes what was not sent and checks what was.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/saved_route.hpp"
#include "store/route_store.hpp"

namespace diary {

// `prefix` stands before the names in complaints ("alt_"). Errors: unprocessable, naming the first segment
// that is unknown or does not join, or every figure that is off.
[[nodiscard]] Result<Walk> resolve(RouteStore& store, const WalkDraft& draft, const std::string& prefix);

// Whether `draft` could have been stored as `walk`: what was sent is what is there.
[[nodiscard]] bool is_same(const WalkDraft& draft, const Walk& walk);

}  // namespace diary
