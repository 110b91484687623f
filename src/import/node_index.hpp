// SPDX-License-Identifier: Apache-2.0
#pragma once

// The nodes of the ways that are kept, and nothing else: identifiers sorted, positions beside them, one bit
// for "junction". 16 bytes a node; filled in the order use(), freeze(), place(), find().

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "domain/segment.hpp"

namespace diary::import {

class NodeIndex {
 public:
  struct Node {
    LngLat at;
    bool junction;  // used twice: by two ways, or by one way that comes back to it
  };

  void use(std::span<const std::int64_t> refs) { ids_.insert(ids_.end(), refs.begin(), refs.end()); }
  void freeze();
  void place(std::int64_t id, std::int32_t lng_e7, std::int32_t lat_e7);
  [[nodiscard]] std::optional<Node> find(std::int64_t id) const;  // absent: unused, or never placed
  [[nodiscard]] std::size_t size() const { return ids_.size(); }

 private:
  static constexpr std::int32_t nowhere = std::numeric_limits<std::int32_t>::min();
  std::vector<std::int64_t> ids_;
  std::vector<bool> junction_;
  std::vector<std::int32_t> lng_e7_;
  std::vector<std::int32_t> lat_e7_;
  std::size_t cursor_ = 0;  // files list nodes in order, so the next one is near
};

}  // namespace diary::import
