// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <unordered_map>

#include "dijkstra.hpp"
#include "graph/engine.hpp"
#include "graph/search.hpp"
#include "graph/snap_index.hpp"

namespace diary::bench {
namespace {

using graph::EdgeId;
using graph::Engine;
using graph::Place;
using graph::Profile;

constexpr std::size_t rounds = 5;
constexpr double reach_m = 250;

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

struct Question {
  LngLat from{};
  LngLat to{};
  double weight = 0;
};

std::vector<Question> read_questions(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<Question> all;
  Question q;
  while (in >> q.from.lng >> q.from.lat >> q.to.lng >> q.to.lat >> q.weight) all.push_back(q);
  if (!in.eof() || all.empty()) throw std::runtime_error(file.string() + ": cannot be read");
  return all;
}

// As the server: both on the part that hangs together, or both wherever the nearest street is.
std::pair<Place, Place> places_of(const Engine& engine, const Question& question) {
  using Parts = graph::SnapIndex::Parts;
  for (const Parts parts : {Parts::main_only, Parts::all}) {
    const auto from = engine.places().nearest(question.from, Profile::walk, reach_m, parts);
    const auto to = engine.places().nearest(question.to, Profile::walk, reach_m, parts);
    if (from && to) return {*from, *to};
  }
  throw std::runtime_error("a place lies off all streets");
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

boost::json::array answer_by_dijkstra(std::vector<graph::Street> streets,
                                      const std::filesystem::path& questions,
                                      const std::filesystem::path& scores) {
  Engine engine(std::move(streets));
  set_scores(engine, scores);
  const Engine::Inquiry inquiry(engine);
  Dijkstra plain(engine.graph());
  boost::json::array answers;
  for (const Question& question : read_questions(questions)) {
    const auto [from, to] = places_of(engine, question);
    const auto cost = plain.cost(inquiry, from, to, question.weight);
    const auto per_metre = static_cast<double>(graph::Scale::of_weight(question.weight).a) * 100;
    if (cost)
      answers.push_back(static_cast<double>(*cost) / per_metre);
    else
      answers.push_back(nullptr);
  }
  return answers;
}

}  // namespace diary::bench
