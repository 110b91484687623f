// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a street's line and a box share a point, edges included: what ST_Intersects answers.

#include <span>

#include "domain/segment.hpp"
#include "domain/segment_query.hpp"

namespace diary::snapshot {

[[nodiscard]] bool intersects(std::span<const LngLat> line, const BBox& box);

}  // namespace diary::snapshot
