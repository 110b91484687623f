// SPDX-License-Identifier: Apache-2.0
#include "app/segments.hpp"

#include "store/segment_store.hpp"
#include "store/submission_store.hpp"
#include "store/upkeep_store.hpp"

namespace diary {

Result<SegmentPage> list_segments(Gate& gate, const SegmentQuery& query) {
  return gate.read([&](pg::Connection& c) { return Result<SegmentPage>(SegmentStore(c).list(query)); });
}

Result<SegmentScore> find_segment(Gate& gate, const std::string& segment_id, std::optional<Time> at) {
  auto found = gate.read([&](pg::Connection& c) {
    SegmentStore store(c);
    return at ? store.find_at(segment_id, *at) : store.find(segment_id);
  });
  if (!found) return fail(no_segment(segment_id));
  return std::move(*found);
}

Error no_segment(const std::string& segment_id) {
  return {Errc::not_found, "there is no segment \"" + segment_id + "\""};
}

Result<std::vector<std::string>> route_segments(Gate& gate, const Uuid& caller, const Uuid& route_id) {
  return gate.run_as(caller, [&](pg::Connection& c) -> Result<std::vector<std::string>> {
    auto segments = SubmissionStore(c).route_segments(route_id);
    if (segments.empty()) return fail(Errc::not_found, "there is no route " + route_id.text());
    return segments;
  });
}

void check_database(Gate& gate) {
  gate.read([](pg::Connection& c) {
    UpkeepStore(c).ping();
    return 0;
  });
}

}  // namespace diary
