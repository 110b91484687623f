// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which timeline of the cluster was in use when. A restore begins a new one, and the one it left still holds
// what was written after the time that was restored to; a later restore needs to know which of the two was
// the service's at the time it is asked for. PostgreSQL's own history files have no such times.

#include <filesystem>
#include <optional>

#include "base/time.hpp"
#include "pg/data_folder.hpp"

namespace diary::pg {

// Adds a line to REPOSITORY/timelines if the last one names another timeline.
void note_timeline(const DataFolder& folder, int timeline, Time since);

// The one in use at `at`; the last one without it. Nothing when that is not known.
[[nodiscard]] std::optional<int> timeline_at(const DataFolder& folder, std::optional<Time> at);

}  // namespace diary::pg
