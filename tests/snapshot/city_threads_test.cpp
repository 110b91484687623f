// SPDX-License-Identifier: Apache-2.0
// Many readers beside the one who changes; what the thread sanitizer says of it is part of the test.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <thread>

#include "snapshot/city.hpp"

namespace diary::snapshot {
namespace {

namespace json = boost::json;

// A street whose length and line tell its version.
LiveSegment street(int number, int version) {
  const double lng = 0.01 * number;
  const double lat = 0.001 * version;
  return {.segment_id = fmt::format("s{:04}", number),
          .street = fmt::format("version {}", version),
          .neighborhood = {},
          .length_m = std::to_string(version),
          .geometry = fmt::format(R"({{"type":"LineString","coordinates":[[{},{}],[{},1]]}})", lng, lat, lng),
          .line = {{lng, lat}, {lng, 1}},
          .w = 1.0 * version,
          .s = 4.0 * version,
          .top_tags = "[]",
          .delta_30d = "0",
          .changed_at = Time{} + std::chrono::seconds{version}};
}

// What is not as one single change left it; empty when all is.
std::string torn(const std::string& items) {
  std::string last;
  const auto parsed = json::parse("[" + items + "]");
  for (const auto& item : parsed.as_array()) {
    const std::string id(item.at("segment_id").as_string());
    if (id <= last) return "order of " + last + " and " + id;
    last = id;
    const auto version = item.at("length_m").as_int64();
    if (item.at("street").as_string() != fmt::format("version {}", version)) return json::serialize(item);
  }
  return {};
}

TEST(CityThreads, ReadersSeeWholeStreets) {
  constexpr int streets = 200;
  City city;
  city.begin_loading();
  std::vector<LiveSegment> some;
  for (int i = 0; i < streets; ++i) some.push_back(street(i, 1));
  city.add(some, now());
  city.finish_loading();
  std::atomic<bool> done = false;
  std::atomic<long> pages = 0;
  std::vector<std::string> wrong(4);
  std::vector<std::thread> readers;
  for (std::size_t r = 0; r < wrong.size(); ++r) {
    readers.emplace_back([&, r] {
      for (int round = 0; !done && wrong[r].empty(); ++round) {
        SegmentQuery query;
        const double west = 0.01 * ((round * 37) % streets);
        if (round % 3 > 0) query.bbox = BBox{west, 0.5, west + 0.5, 2};
        if (round % 4 == 0) query.min_confidence = 0.3;
        if (round % 5 == 0) query.after = fmt::format("s{:04}", (round * 11) % streets);
        std::string items;
        const auto page = city.list(query, Form::object, now() + std::chrono::hours{round % 50}, items);
        wrong[r] = torn(items);
        if (page.total > 2 * streets) wrong[r] = fmt::format("{} of {}", page.total, 2 * streets);
        std::string one;
        city.find(fmt::format("s{:04}", round % streets), Form::feature, now(), one);
        ++pages;
      }
    });
  }
  for (int version = 2; version < 20 || pages < 100; ++version) {
    some.clear();
    for (int i = version % 2; i < 2 * streets; i += 2) some.push_back(street(i, version));
    city.put(some, now());
    std::vector<std::string> gone;
    for (int i = streets + version % 3; i < 2 * streets; i += 3) gone.push_back(street(i, 1).segment_id);
    city.remove(gone);
    city.refresh(now() + std::chrono::hours{version});
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (const std::string& what : wrong) EXPECT_EQ(what, "");
}

}  // namespace
}  // namespace diary::snapshot
