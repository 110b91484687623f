// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines on the earth as far as telling two of them apart needs: lengths and distances of a city's size, on a
// sphere.

#include <span>

#include "domain/segment.hpp"

namespace diary {

[[nodiscard]] double line_length_m(std::span<const LngLat> line);

// Whether every point of `line` lies within `reach_m` of `other`, met in the order in which `other` runs.
// Takes time in proportion to the number of points.
[[nodiscard]] bool follows(std::span<const LngLat> line, std::span<const LngLat> other, double reach_m);

}  // namespace diary
