// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads what a segment's score is made of.

#include "domain/explanation.hpp"
#include "pg/connection.hpp"

namespace diary {

class ExplanationStore {
 public:
  explicit ExplanationStore(pg::Connection& connection) : connection_(connection) {}

  // As of `at`, or of now. Nothing: no such segment.
  [[nodiscard]] std::optional<Explanation> find(const std::string& segment_id, const std::optional<Time>& at);

 private:
  pg::Connection& connection_;
};

}  // namespace diary
