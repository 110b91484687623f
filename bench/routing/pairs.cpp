// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <unordered_map>

#include "graph/engine.hpp"

namespace diary::bench {
namespace {

using graph::EdgeId;
using graph::Engine;
using graph::Place;
using graph::Profile;

constexpr std::size_t rounds = 5;

// All lines of two words.
template <class First, class Second>
std::vector<std::pair<First, Second>> read_lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::pair<First, Second>> lines;
  First first;
  Second second;
  while (in >> first >> second) lines.emplace_back(std::move(first), second);
  if (!in.eof() || lines.empty()) throw std::runtime_error(file.string() + ": cannot be read");
  return lines;
}

struct End {
  std::string segment_id;
  bool at_source;
};

// For each junction one street that may be walked both ways there, so that a place at its end is the
// junction.
std::unordered_map<std::int64_t, End> ends_of(const std::vector<graph::Street>& streets) {
  constexpr auto both = static_cast<std::uint8_t>(access::walk_along | access::walk_against);
  std::unordered_map<std::int64_t, End> ends;
  for (const graph::Street& s : streets) {
    if ((s.access & both) != both) continue;
    ends.try_emplace(s.source_node, s.id, true);
    ends.try_emplace(s.target_node, s.id, false);
  }
  return ends;
}

EdgeId edge_of(const Engine& engine, const std::string& segment_id) {
  const auto edge = engine.graph().find(segment_id);
  if (!edge) throw std::runtime_error("no segment " + segment_id);
  return *edge;
}

void set_scores(Engine& engine, const std::filesystem::path& file) {
  std::vector<graph::ScoreChange> changes;
  for (const auto& [segment_id, score] : read_lines<std::string, double>(file))
    changes.push_back({edge_of(engine, segment_id), score});
  engine.set_scores(changes);
}

}  // namespace

boost::json::array answer_pairs(std::vector<graph::Street> streets, const Questions& questions) {
  const auto ends = ends_of(streets);
  Engine engine(std::move(streets));
  set_scores(engine, questions.scores);
  const auto place = [&](std::int64_t junction) {
    const End& end = ends.at(junction);
    const EdgeId edge = edge_of(engine, end.segment_id);
    return Place{edge, end.at_source ? 0 : engine.graph().edge(edge).length_cm};
  };
  std::vector<std::pair<Place, Place>> pairs;
  for (const auto& [from, to] : read_lines<std::int64_t, std::int64_t>(questions.pairs))
    pairs.emplace_back(place(from), place(to));

  std::vector<std::array<double, rounds>> times_us(pairs.size());
  std::vector<std::optional<graph::Path>> paths(pairs.size());
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto begun = std::chrono::steady_clock::now();
      Engine::Inquiry inquiry(engine);
      paths[i] = inquiry.cheapest(pairs[i].first, pairs[i].second, Profile::walk, questions.weight);
      times_us[i][round] =
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun).count();
    }
  boost::json::array answers;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    std::ranges::sort(times_us[i]);
    if (paths[i])
      answers.push_back(boost::json::object{{"us", times_us[i][rounds / 2]},
                                            {"cost_m", paths[i]->cost_m(questions.weight)},
                                            {"length_m", paths[i]->length_m()}});
    else
      answers.push_back(nullptr);
  }
  return answers;
}

}  // namespace diary::bench
