// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every segment of the database in memory: where it lies, what its score is made of, and its text. Any number
// of threads read, one changes. Knows nothing of databases.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/segment_query.hpp"
#include "snapshot/box_index.hpp"
#include "snapshot/rank_set.hpp"
#include "snapshot/segment_text.hpp"
#include "snapshot/world.hpp"
#include "store/city_store.hpp"

namespace diary::snapshot {

// What a page holds besides its items.
struct CityPage {
  std::int64_t total = 0;  // of all that match
  bool more = false;       // there is a page after this one
  std::string last_id;     // of the last item
  Digest digest{};         // of the items
};

// A segment as maps draw it.
struct MappedSegment {
  std::string_view segment_id;
  std::string_view street;
  std::uint32_t street_number;  // of the name; whoever asks again may hear another
  double street_m;              // of all that bears the name; of a street without one, the segment's own
  double w;
  double s;
  std::int32_t length_cm;
  std::int32_t delta_30d;  // hundredths
  std::span<const WorldPoint> line;
};

// What a change was about: where the segment lies, and where it lay.
struct CityChange {
  std::string segment_id;
  Bounds bounds;
  bool gone = false;
};

class City {
 public:
  City();
  ~City();
  City(const City&) = delete;
  City& operator=(const City&) = delete;

  // Appends the items of one page as of `at` to `out`, commas between.
  CityPage list(const SegmentQuery& query, Form form, Time at, std::string& out) const;

  // Appends one segment as of `at`; its text's digest, or nothing when there is no such segment.
  std::optional<Digest> find(std::string_view segment_id, Form form, Time at, std::string& out) const;

  // All segments whose bounds meet the box, in no order, and `done` when they were all. What was passed lives
  // until that returns; the one who changes waits so long.
  void visit(const BBox& box, const std::function<void(const MappedSegment&)>& visitor,
             const std::function<void()>& done) const;

  // Appends, to `out`, what Form::event says of up to `limit` segments that were changed by a transaction
  // from `since` on and may lie in the box; false, with nothing appended, when there are more.
  bool changed_since(const BBox& box, std::uint64_t since, std::size_t limit, Time at,
                     std::vector<std::string>& out) const;

  // Around all segments; nothing when there are none.
  [[nodiscard]] std::optional<Bounds> bounds() const;

  [[nodiscard]] bool loaded() const { return loaded_; }
  [[nodiscard]] std::size_t size() const;

  // From here on, for the one thread that changes.

  // Before anybody reads: segments, each once, and at last the index over all of them.
  void begin_loading();  // from nothing
  void add(const std::vector<LiveSegment>& segments, Time at);
  void finish_loading();

  // New ones, and others for those that are here. Those that were not as they are now.
  std::vector<CityChange> put(const std::vector<LiveSegment>& segments, Time at);
  std::vector<CityChange> remove(const std::vector<std::string>& segment_ids);

  // The same for streets that are here as they are there, and whose state alone may be another. Appends the
  // ids of all others to `others`.
  std::vector<CityChange> move(const std::vector<SegmentState>& states, Time at,
                               std::vector<std::string>& others);
  // Whether it has the segment as that transaction left it.
  [[nodiscard]] bool has(std::string_view segment_id, std::uint64_t changed_xid) const;

  // Renders what time has moved. Readers do that for themselves until it is done, and pay for it.
  void refresh(Time at);

  [[nodiscard]] std::vector<std::string> ids() const;

 private:
  struct Entry;
  class Entries;
  struct Index;
  class Filter;
  using Slot = std::uint32_t;

  [[nodiscard]] std::size_t rank_behind(std::string_view segment_id) const;  // of the first id above
  [[nodiscard]] std::optional<Slot> slot_of(std::string_view segment_id) const;
  void collect(const SegmentQuery& query, Time at, RankSet& ranks) const;
  std::span<const Slot> pick(const SegmentQuery& query, Time at, CityPage& page) const;
  void put_slice(const std::vector<LiveSegment>& segments, std::size_t from, std::size_t to, Time at,
                 std::vector<CityChange>& changed);
  void number(std::size_t sorted);

  std::unique_ptr<Index> index_;
  std::atomic<bool> loaded_ = false;
};

}  // namespace diary::snapshot
