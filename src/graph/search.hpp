// SPDX-License-Identifier: Apache-2.0
#pragma once

// A* from a place on an edge to another, at any weight, under distances to the target that the hierarchy
// gives for three weights: between two of them their chord lies below the true distance (which is concave in
// the weight) and is a consistent potential (Strasser, Zeitz: A Fast and Tight Heuristic for A* in Road
// Networks, SEA 2021). All costs are whole numbers, so nothing is rounded.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/cost_version.hpp"
#include "graph/path.hpp"

namespace diary::graph {

// cost = length_cm * a + penalty * b, so that the weight is 32 b / a: 0..5, a > 0.
struct Scale {
  std::int64_t a = 1;
  std::int64_t b = 0;
  [[nodiscard]] std::int64_t of(std::uint64_t length_cm, std::uint64_t penalty) const {
    return a * static_cast<std::int64_t>(length_cm) + b * static_cast<std::int64_t>(penalty);
  }
  [[nodiscard]] std::int64_t of(const Path& path) const { return of(path.length_cm, path.penalty); }
  // To 20 binary digits.
  [[nodiscard]] static Scale of_weight(double weight);
  // Between paths of up to that length the length decides alone, and between equal lengths the penalty: no
  // path of so many centimetres has a penalty of as much as one more costs.
  [[nodiscard]] static Scale length_first(std::uint64_t length_cm);
  // Whether it is that for the path, and those that are as short.
  [[nodiscard]] bool is_length_first(const Path& path) const {
    return a > static_cast<std::int64_t>(penalty_unit * path.length_cm);
  }
};

// The scratch memory of one search after another, on one graph. Not for two threads at once.
class Search {
 public:
  explicit Search(const RoadGraph& graph);

  // What is to be found next, until the next call. Both must outlive it. The costs of edges that are marked
  // are multiplied by 1 + surcharge / 16.
  void ask(const CostVersion& version, const Place& from, const Place& to, Profile profile);
  void mark(const Path& path);

  static constexpr std::int64_t no_bound = INT64_MAX;

  // The cheapest path, if it costs less than `below`; so none is the answer to "is there a cheaper one".
  [[nodiscard]] std::optional<Path> run(Scale scale, std::int64_t below = no_bound,
                                        std::uint32_t surcharge = 0);

  // The shortest path, and of those as short the one of the least penalty.
  [[nodiscard]] std::optional<Path> shortest();

  // What a path at a scale is to cost less than.
  struct Question {
    Scale scale;
    std::int64_t below = no_bound;
  };
  static constexpr std::size_t abreast = 8;
  // Doubles have all whole numbers up to here, and costs of that size are exact.
  static constexpr std::int64_t exact_below = std::int64_t{1} << 51;

  // All paths that cost less than `below` at one of the scales and are the cheapest at some weight, be it one
  // that is not asked about; and maybe others. From the shortest to the safest. At most `abreast`, all with a
  // bound. No rounding hides a path.
  [[nodiscard]] std::vector<Path> cheaper(std::span<const Question> bounds);

  // No path is shorter. None: not connected, as far as directions do not matter.
  [[nodiscard]] std::optional<std::uint64_t> least_length_cm();

  [[nodiscard]] bool is_marked(EdgeId edge) const { return marks_[edge.value] == mark_; }
  [[nodiscard]] std::size_t settled() const { return settled_; }  // by the last run

 private:
  struct alignas(32) Label {
    std::int64_t cost = 0;
    std::uint32_t via = 0;  // the link that led here, or how the origin's edge was left
    std::uint32_t run = 0;  // the one that cost and via belong to
    Costs ahead{};          // to the target, at the metric's weights; the fourth number is the question's
  };
  struct Waiting {
    std::int64_t key;
    std::uint32_t node;
  };
  // The end of an edge that a search may begin or finish at, and the part of the edge beyond it.
  struct End {
    std::uint32_t node = 0;
    Stretch stretch{};
    std::uint64_t length_cm = 0;
    std::uint64_t penalty = 0;
  };
  // A potential: low * ahead[lane] + high * ahead[lane + 1], for costs that are `factor` times the scale's.
  struct Chord {
    std::size_t lane;
    std::int64_t low;
    std::int64_t high;
    std::int64_t factor;
  };

  // A number for each of the scales abreast, two in a register.
  using Pair = double __attribute__((vector_size(16)));
  using Lanes = std::array<Pair, abreast / 2>;
  struct Bounds {
    Lanes a{}, b{};          // the scales
    Lanes k0{}, k1{}, k5{};  // the potential: of each metric's cost so much
    Lanes best{};            // what is to be undercut
    std::size_t pairs = 0;   // of lanes that are in use

    [[nodiscard]] Pair potential(std::size_t j, const Costs& ahead) const {
      return k0[j] * static_cast<double>(ahead[0]) + k1[j] * static_cast<double>(ahead[1]) +
             k5[j] * static_cast<double>(ahead[2]);
    }
  };

  // One of the ways from the origin to a node that may be part of a cheapest path.
  struct Way {
    enum State : std::uint8_t { coming, waiting, gone };
    std::int64_t length_cm = 0;
    std::int64_t penalty = 0;
    std::uint32_t before = 0;  // the way that it goes on from
    std::uint32_t via = 0;     // by this link, or how the origin's edge was left
    std::uint8_t low = 0;      // of the bounds those from low to below high may be undercut
    std::uint8_t high = 0;
    State state = coming;
    std::uint32_t from = Hierarchy::none;  // the node of that way
  };
  // Those to one node, by length, and what they must cost less than there.
  struct Fan {
    Lanes below{};
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t node = 0;
    bool waits = false;
  };
  struct Step {
    std::uint64_t length_cm;
    std::uint64_t penalty;
    std::uint32_t via;
    std::uint32_t from = Hierarchy::none;
  };

  static constexpr std::uint32_t from_first_end = 0xfffffffe;
  static constexpr std::uint32_t from_second_end = 0xffffffff;

  [[nodiscard]] static Chord chord_of(Scale scale);
  [[nodiscard]] bool is_known(std::uint32_t node) const { return labels_[node].ahead[3] == question_; }
  // The node and all above it that are not known yet, to climb_.
  [[nodiscard]] Costs at_target() const { return Costs{0, 0, 0, question_}; }
  void climb_from(std::uint32_t node);
  void find_ends();
  void look_back_from_target();
  const Costs& ahead(std::uint32_t node) {
    if (!is_known(node)) look_ahead_from(node);
    return labels_[node].ahead;
  }
  void look_ahead_from(std::uint32_t node);
  void settle_costs(std::uint32_t node);
  [[nodiscard]] std::int64_t cost_of(const End& end, Scale scale, std::uint32_t surcharge) const;
  void push(Waiting waiting);
  Waiting pop();
  void replace_top(Waiting waiting);
  void set_aside(Waiting waiting);
  Waiting next();
  void fetch_soon(std::uint32_t node) const;
  [[nodiscard]] Path trace(std::uint32_t last, const End& end) const;
  [[nodiscard]] Path direct() const;
  static void prepare(Bounds& all, std::span<const Question> questions);
  [[nodiscard]] Path trace(const Way& way) const;
  [[nodiscard]] Path assemble(std::span<const std::uint32_t> back, std::uint32_t leaving,
                              const End& end) const;
  [[nodiscard]] static bool is_corner(const Way& before, const Way& middle, const Way& after);
  std::uint32_t new_fan(const Bounds& all, const Costs& ahead_of_it);
  [[nodiscard]] static bool narrow(const Bounds& all, const Fan& fan, Way& way);
  [[nodiscard]] bool undercuts(const Fan& fan, const Way& way, std::uint32_t& at) const;
  bool join(std::uint32_t number);
  void offer(const Bounds& all, std::uint32_t number, const Step& step, std::uint32_t first,
             std::uint32_t end);
  void offer_to_node(const Bounds& all, std::uint32_t node, const Step& step, std::uint32_t first,
                     std::uint32_t end);
  void go_on_from_fan(const Bounds& all, std::uint32_t number);
  void add(Path& path, const Stretch& stretch) const;

  const RoadGraph& graph_;
  const CostVersion* version_ = nullptr;
  const Metric* metric_ = nullptr;
  Place from_;
  Place to_;
  Profile profile_ = Profile::walk;
  std::vector<End> starts_;
  std::vector<End> finishes_;
  bool has_direct_ = false;

  std::vector<Label> labels_;
  std::vector<std::uint32_t> climb_;
  std::vector<Waiting> heap_;
  Waiting nearest_{no_bound, 0};  // set aside: the least of those reached last, which is often the next
  std::vector<Fan> fans_;
  std::vector<Way> ways_;
  std::vector<Way> coming_;  // to one node, from another
  std::vector<Way> merged_;
  std::vector<std::uint32_t> marks_;
  std::uint32_t mark_ = 1;
  std::uint32_t run_ = 0;
  std::int32_t question_ = 0;
  std::size_t settled_ = 0;
};

}  // namespace diary::graph
