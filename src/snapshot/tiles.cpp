// SPDX-License-Identifier: Apache-2.0
#include "snapshot/tiles.hpp"

#include <algorithm>
#include <ctime>

#include "base/gzip.hpp"
#include "snapshot/tile_encoder.hpp"

namespace diary::snapshot {
namespace {

constexpr std::size_t overhead = 512;  // of one that is kept
// What is encoded faster than this is encoded at once when something has changed; what takes longer costs at
// most a twentieth of a core (more only when that would be later than longest_hold), however often it changes
// and is asked for.
constexpr std::chrono::milliseconds quick{5};
constexpr int hold_factor = 20;

// What this thread has worked so far: waiting for others says nothing of a tile.
std::chrono::nanoseconds work_done() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

// The tiles of a zoom that draw something within the bounds.
struct Range {
  std::uint32_t west;
  std::uint32_t north;
  std::uint32_t east;
  std::uint32_t south;
  [[nodiscard]] bool contains(const TileAddress& tile) const {
    return tile.x >= west && tile.x <= east && tile.y >= north && tile.y <= south;
  }
  [[nodiscard]] std::size_t count() const { return std::size_t{east - west + 1} * (south - north + 1); }
};

// Of every zoom.
class Ranges {
 public:
  explicit Ranges(const Bounds& bounds)
      : low_(to_world({bounds.west, bounds.north})), high_(to_world({bounds.east, bounds.south})) {}
  [[nodiscard]] Range at(int z) const {
    const int bits = 32 - z;
    // The buffer, and a step for what a float cannot say.
    const std::int64_t margin = (std::int64_t{1} << (20 - z)) * (TileAddress::buffer + 1);
    const std::int64_t last = (std::int64_t{1} << z) - 1;
    const auto tile = [&](std::int64_t step) {
      return static_cast<std::uint32_t>(std::clamp<std::int64_t>(step >> bits, 0, last));
    };
    return {tile(low_.x - margin), tile(low_.y - margin), tile(high_.x + margin), tile(high_.y + margin)};
  }

 private:
  WorldPoint low_;
  WorldPoint high_;
};

}  // namespace

std::size_t Tiles::size_of(const Tile& tile) {
  return tile.mvt.size() + tile.gzip.size() + overhead;
}

std::shared_ptr<const Tiles::Tile> Tiles::find(const TileAddress& address) {
  const auto found = kept_.find(address.key());
  if (found == kept_.end() || Clock::now() >= found->second.ends) return nullptr;
  order_.splice(order_.begin(), order_, found->second.place);
  ++hits_;
  return found->second.tile;
}

std::shared_ptr<const Tiles::Tile> Tiles::kept(const TileAddress& address) {
  const std::scoped_lock lock(mutex_);
  return find(address);
}

std::shared_ptr<const Tiles::Tile> Tiles::encoded(const TileAddress& address) {
  std::list<Work>::iterator work;
  {
    const std::scoped_lock lock(mutex_);
    if (auto tile = find(address)) return tile;  // somebody was quicker
    work = under_way_.insert(under_way_.end(), Work{address});
  }
  const auto begun = Clock::now();
  const auto before = work_done();
  auto tile = std::make_shared<Tile>();
  try {
    tile->mvt = encode_tile(city_, address, now());
    if (!tile->mvt.empty()) {
      tile->gzip = gzip(tile->mvt);
      append_hex(tile->tag, digest_of(tile->mvt));
    }
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    under_way_.erase(work);
    throw;
  }
  ++encodings_;
  const auto cost = work_done() - before;
  const std::scoped_lock lock(mutex_);
  keep(*work, tile, begun, cost);
  under_way_.erase(work);
  return tile;
}

void Tiles::keep(const Work& work, std::shared_ptr<const Tile> tile, Clock::time_point begun,
                 std::chrono::nanoseconds cost) {
  Kept kept{.tile = std::move(tile),
            .address = work.address,
            .ends = begun + options_.max_age,
            .hold = cost < quick ? Clock::duration{0}
                                 : std::min<Clock::duration>(cost * hold_factor, options_.longest_hold),
            .place = {}};
  if (work.changed) change(kept, begun);
  if (kept.ends <= Clock::now()) return;
  const Key key = work.address.key();
  if (const auto found = kept_.find(key); found != kept_.end()) drop(found);
  bytes_ += size_of(*kept.tile);
  order_.push_front(key);
  kept.place = order_.begin();
  kept_.emplace(key, std::move(kept));
  while (bytes_ > options_.bytes && !order_.empty()) drop(kept_.find(order_.back()));
}

void Tiles::drop(std::unordered_map<Key, Kept>::iterator which) {
  bytes_ -= size_of(*which->second.tile);
  order_.erase(which->second.place);
  kept_.erase(which);
}

void Tiles::change(Kept& kept, Clock::time_point at) {
  kept.ends = std::min(kept.ends, at + kept.hold);
}

void Tiles::changed(std::span<const CityChange> changes) {
  const auto at = Clock::now();
  const std::scoped_lock lock(mutex_);
  for (const CityChange& what : changes) {
    const Ranges ranges(what.bounds);
    for (Work& work : under_way_)
      work.changed = work.changed || ranges.at(work.address.z).contains(work.address);
    for (int z = 0; z <= TileAddress::max_zoom; ++z) {
      const Range range = ranges.at(z);
      if (range.count() > kept_.size()) {
        for (auto& [key, kept] : kept_)
          if (kept.address.z == z && range.contains(kept.address)) change(kept, at);
        continue;
      }
      for (std::uint32_t y = range.north; y <= range.south; ++y) {
        for (std::uint32_t x = range.west; x <= range.east; ++x) {
          const auto found = kept_.find(TileAddress{z, x, y}.key());
          if (found != kept_.end()) change(found->second, at);
        }
      }
    }
  }
}

Tiles::State Tiles::state() {
  const std::scoped_lock lock(mutex_);
  return {hits_, encodings_, kept_.size(), bytes_};
}

}  // namespace diary::snapshot
