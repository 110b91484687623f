// SPDX-License-Identifier: Apache-2.0
#pragma once

// The city's tiles, encoded when they are asked for and kept until a segment in them changes, or time may
// have moved a number. Bounded in bytes: what was not asked for the longest goes. Thread-safe.

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "snapshot/city.hpp"
#include "snapshot/tile_address.hpp"

namespace diary::snapshot {

class Tiles {
 public:
  struct Options {
    std::size_t bytes = 64UL * 1024 * 1024;
    std::chrono::milliseconds max_age{60'000};    // of what nothing but time has changed
    std::chrono::milliseconds longest_hold{500};  // of what takes long to encode, once it has changed
  };
  struct Tile {
    std::string mvt;   // empty: there is nothing in it
    std::string gzip;  // the same, compressed
    std::string tag;
  };

  Tiles(const City& city, const Options& options) : city_(city), options_(options) {}

  // Nothing when it is to be encoded; takes no time.
  [[nodiscard]] std::shared_ptr<const Tile> kept(const TileAddress& address);
  // Takes milliseconds.
  [[nodiscard]] std::shared_ptr<const Tile> encoded(const TileAddress& address);

  // After the city shows it: what lies there has changed.
  void changed(std::span<const CityChange> changes);

  struct State {
    std::uint64_t kept = 0;  // answers from memory
    std::uint64_t encoded = 0;
    std::size_t count = 0;  // in memory
    std::size_t bytes = 0;
  };
  [[nodiscard]] State state();

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::uint64_t;
  struct Kept {
    std::shared_ptr<const Tile> tile;
    TileAddress address;
    Clock::time_point ends;  // then it is to be encoded anew
    Clock::duration hold;    // how long it may be shown when something in it has changed
    std::list<Key>::iterator place;
  };
  struct Work {
    TileAddress address;
    bool changed = false;
  };

  [[nodiscard]] std::shared_ptr<const Tile> find(const TileAddress& address);
  void keep(const Work& work, std::shared_ptr<const Tile> tile, Clock::time_point begun,
            std::chrono::nanoseconds cost);
  void drop(std::unordered_map<Key, Kept>::iterator which);
  void change(Kept& kept, Clock::time_point at);
  static std::size_t size_of(const Tile& tile);

  const City& city_;
  const Options options_;
  std::mutex mutex_;
  std::unordered_map<Key, Kept> kept_;
  std::list<Key> order_;  // last asked for first
  std::list<Work> under_way_;
  std::size_t bytes_ = 0;
  std::atomic<std::uint64_t> hits_ = 0;
  std::atomic<std::uint64_t> encodings_ = 0;
};

}  // namespace diary::snapshot
