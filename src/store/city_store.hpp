// SPDX-License-Identifier: Apache-2.0
#pragma once

// What src/snapshot loads and follows: streets with the sums of their live scores, and the change feed.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/segment.hpp"
#include "pg/connection.hpp"

namespace diary {

// A street and what its score of any moment is computed from.
struct LiveSegment {
  std::string segment_id;
  std::string street;
  std::optional<std::string> neighborhood;
  std::string length_m;      // decimal
  std::string geometry;      // GeoJSON, 7 decimals
  std::vector<LngLat> line;  // the same at full precision
  double w = 0;              // sum of the forward weights
  double s = 0;              // sum of weight times value
  std::string top_tags;      // a JSON array
  std::string delta_30d;     // decimal, rounded
  Time changed_at;
  std::int64_t source_node = 0;
  std::int64_t target_node = 0;
  std::uint8_t access = access::all;
  std::uint64_t changed_xid = 0;  // the transaction that changed it last; 0: nobody knows
  std::uint64_t street_xid = 0;   // that changed the street itself last
};

// What ratings change of a street: the fields of LiveSegment under the same names.
struct SegmentState {
  std::string segment_id;
  double w = 0;
  double s = 0;
  std::string top_tags;
  std::string delta_30d;
  Time changed_at;
  std::uint64_t changed_xid = 0;
  std::uint64_t street_xid = 0;
};

// How far a reader of the feed has read: of which cluster, in which of its histories.
struct FeedPosition {
  std::string cursor;                   // xid8: what is older was seen or is not coming
  std::string seen;                     // pg_snapshot: what was seen of the rest
  std::optional<std::string> timeline;  // none on a standby
  std::string system_identifier;
  std::uint64_t last_gone =
      0;                 // the last transaction that removed a segment; 0: none did, or that is not asked
  std::string database;  // among those of the cluster; empty when that is not asked
};

struct FeedAnswer {
  FeedPosition position;
  std::vector<std::string> changed;
  std::vector<std::uint64_t> changed_by;  // the transactions, in the same order
  std::vector<std::string> gone;
  std::uint64_t last_xid = 0;  // the highest that changed any of these
};

class CityStore {
 public:
  explicit CityStore(pg::Connection& connection) : connection_(connection) {}

  [[nodiscard]] FeedPosition position();
  // Changes since the cursor, less what the snapshot `seen`, if there is one, has seen.
  [[nodiscard]] FeedAnswer changes(const std::string& cursor, const std::optional<std::string>& seen);
  // Up to `limit` segments behind `after`, in an order of the database's own.
  [[nodiscard]] std::vector<LiveSegment> page(const std::optional<std::string>& after, int limit);
  // Returns the named segments that there are.
  [[nodiscard]] std::vector<LiveSegment> some(const std::vector<std::string>& ids);
  [[nodiscard]] std::vector<SegmentState> states(const std::vector<std::string>& ids);

 private:
  pg::Connection& connection_;
};

// The connection of whoever follows the feed. Throws pg::DbError, as its store does, when it cannot be used.
class CityLink {
 public:
  CityLink(const std::string& conninfo, const std::string& role);
  [[nodiscard]] CityStore store() { return CityStore(connection_); }

 private:
  pg::Connection connection_;
};

}  // namespace diary
