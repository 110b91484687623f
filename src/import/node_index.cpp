// SPDX-License-Identifier: Apache-2.0
#include "import/node_index.hpp"

#include <algorithm>

namespace diary::import {

void NodeIndex::freeze() {
  std::sort(ids_.begin(), ids_.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ids_.size();) {
    const std::size_t first = i;
    while (i < ids_.size() && ids_[i] == ids_[first]) ++i;
    junction_.push_back(i - first > 1);
    ids_[kept++] = ids_[first];
  }
  ids_.resize(kept);
  ids_.shrink_to_fit();
  lng_e7_.assign(kept, nowhere);
  lat_e7_.assign(kept, nowhere);
}

void NodeIndex::place(std::int64_t id, std::int32_t lng_e7, std::int32_t lat_e7) {
  if (cursor_ == ids_.size() || ids_[cursor_] > id) {
    if (cursor_ == 0 || ids_[cursor_ - 1] < id) return;  // between two that we know
    cursor_ = 0;
  }
  // Doubling steps from the cursor, then halving: constant for ordered files, logarithmic for any other.
  std::size_t step = 1;
  std::size_t low = cursor_;
  while (low + step < ids_.size() && ids_[low + step] < id) low += step, step *= 2;
  const auto end = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(low + step + 1, ids_.size()));
  const auto found = std::lower_bound(ids_.begin() + static_cast<std::ptrdiff_t>(low), end, id);
  cursor_ = static_cast<std::size_t>(found - ids_.begin());
  if (found == ids_.end() || *found != id) return;
  lng_e7_[cursor_] = lng_e7;
  lat_e7_[cursor_] = lat_e7;
}

std::optional<NodeIndex::Node> NodeIndex::find(std::int64_t id) const {
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
  if (found == ids_.end() || *found != id) return std::nullopt;
  const auto i = static_cast<std::size_t>(found - ids_.begin());
  if (lng_e7_[i] == nowhere) return std::nullopt;
  return Node{{lng_e7_[i] / 1e7, lat_e7_[i] / 1e7}, junction_[i]};
}

}  // namespace diary::import
