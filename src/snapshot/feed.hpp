// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fills the city and its street network from the database and makes them follow, and with them the tiles and
// whoever listens for changes: one thread, one connection of its own, one small statement about every 75 ms.
// Whoever has just committed may ask to be told when the city shows it. A database that is away is waited
// for; the city is served as it was meanwhile.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "snapshot/city.hpp"
#include "snapshot/live.hpp"
#include "snapshot/street_network.hpp"
#include "snapshot/tiles.hpp"

namespace diary::snapshot {

class CityFeed {
 public:
  struct Options {
    std::string conninfo;
    std::string role;
    std::chrono::milliseconds interval{75};
    StreetNetwork::Options network{};
    Tiles::Options tiles{};
    Live::Options live{};
  };
  explicit CityFeed(Options options);
  ~CityFeed();  // tells all who still wait
  CityFeed(const CityFeed&) = delete;
  CityFeed& operator=(const CityFeed&) = delete;

  [[nodiscard]] const City& city() const { return city_; }
  [[nodiscard]] const StreetNetwork& network() const { return network_; }
  [[nodiscard]] Tiles& tiles() { return tiles_; }
  // Readers of it may outlive this.
  [[nodiscard]] Live& live() { return *live_; }

  // Calls `done` once, on the feed's thread, when the city and the network's scores show all that was
  // committed before this call; with false when the database could not be asked.
  void catch_up(std::function<void(bool)> done);
  // The same of these segments alone, which costs one look at each of them.
  void catch_up(std::vector<std::string> segment_ids, std::function<void(bool)> done);

  // Since the database was last heard; of use once the city is loaded.
  [[nodiscard]] std::chrono::duration<double> age() const {
    return Clock::now().time_since_epoch() - heard_.load();
  }
  // The same, when that is so long ago that readers are to be told; nothing else.
  [[nodiscard]] std::optional<std::chrono::seconds> stale_for() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    std::optional<std::vector<std::string>> segment_ids;  // none: all
    std::function<void(bool)> done;
  };
  void work();
  [[nodiscard]] bool serve(std::optional<CityLink>& link, const std::vector<Waiting>& waiting);
  [[nodiscard]] bool round(std::optional<CityLink>& link);
  [[nodiscard]] bool look_at(std::optional<CityLink>& link, const std::vector<Waiting>& waiting);
  void follow(CityStore& store, bool is_new_connection);
  void read_all(CityStore& store);
  void put(const std::vector<LiveSegment>& segments);
  void remove(const std::vector<std::string>& segment_ids);
  void tell(const std::vector<CityChange>& changes, Time at);
  [[nodiscard]] Live::Point point_of(const FeedPosition& position) const;
  void read_some(CityStore& store, const std::vector<std::string>& ids);
  void heard() { heard_ = Clock::now().time_since_epoch(); }

  Options options_;
  City city_;
  StreetNetwork network_;
  Tiles tiles_;
  std::shared_ptr<Live> live_;
  std::optional<FeedPosition> position_;  // none: everything is to be read
  std::uint64_t last_xid_ = 0;            // no change that was read is of a later transaction
  Clock::time_point followed_{};          // when the position was last moved
  std::atomic<Clock::duration> heard_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace diary::snapshot
