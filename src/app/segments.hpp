// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looking up segments and the segments of routes.

#include <string>
#include <vector>

#include "app/gate.hpp"
#include "domain/segment_query.hpp"

namespace diary {

[[nodiscard]] Result<SegmentPage> list_segments(Gate& gate, const SegmentQuery& query);

// As of `at`, or of now. Errors: not_found.
[[nodiscard]] Result<SegmentScore> find_segment(Gate& gate, const std::string& segment_id,
                                                std::optional<Time> at);

// What is said of an id that no segment has.
[[nodiscard]] Error no_segment(const std::string& segment_id);

// Of a route that the caller may see, each once, in order. Errors: not_found.
[[nodiscard]] Result<std::vector<std::string>> route_segments(Gate& gate, const Uuid& caller,
                                                              const Uuid& route_id);

// Throws when the database or its schema is not there.
void check_database(Gate& gate);

}  // namespace diary
