// SPDX-License-Identifier: Apache-2.0
#include "graph/nested_dissection.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace diary::graph {
namespace {

using Node = std::uint32_t;

constexpr std::size_t small_cell = 3;
constexpr double terminal_share = 0.25;  // of the nodes, on either side, that a cut leaves together

// Neighbours without loops and repetitions, in compact rows.
struct Rows {
  std::vector<std::uint32_t> first;
  std::vector<Node> heads;
  [[nodiscard]] std::span<const Node> of(Node node) const {
    return std::span(heads).subspan(first[node], first[node + 1] - first[node]);
  }
};

Rows rows_of(std::span<const std::pair<Node, Node>> edges, std::size_t nodes) {
  std::vector<std::uint64_t> pairs;
  pairs.reserve(2 * edges.size());
  for (const auto& [a, b] : edges) {
    if (a == b) continue;
    pairs.push_back(std::uint64_t{a} << 32 | b);
    pairs.push_back(std::uint64_t{b} << 32 | a);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::ranges::unique(pairs).begin(), pairs.end());
  Rows rows{std::vector<std::uint32_t>(nodes + 1), {}};
  rows.heads.reserve(pairs.size());
  for (const std::uint64_t pair : pairs) {
    ++rows.first[(pair >> 32) + 1];
    rows.heads.push_back(static_cast<Node>(pair));
  }
  std::partial_sum(rows.first.begin(), rows.first.end(), rows.first.begin());
  return rows;
}

// Takes out dead ends and nodes that only pass on, as long as there are any: they need no cut. Rounds, in
// each of which no two neighbours go, keep the hierarchy of a long chain low. What is left is the core.
class Peeling {
 public:
  explicit Peeling(const Rows& rows) : neighbours_(rows.first.size() - 1), gone_(rows.first.size() - 1) {
    for (Node v = 0; v < neighbours_.size(); ++v) neighbours_[v].assign(rows.of(v).begin(), rows.of(v).end());
  }

  std::vector<Node> run() {
    std::vector<Node> order;
    std::vector<Node> candidates(neighbours_.size());
    std::iota(candidates.begin(), candidates.end(), Node{0});
    std::vector<std::uint32_t> blocked(neighbours_.size());
    for (std::uint32_t round = 1; !candidates.empty(); ++round) {
      std::vector<Node> next;
      for (const Node v : candidates) {
        if (gone_[v] != 0 || neighbours_[v].size() > 2) continue;
        if (blocked[v] == round) {
          next.push_back(v);
          continue;
        }
        for (const Node n : neighbours_[v]) {
          blocked[n] = round;
          next.push_back(n);
        }
        take_out(v);
        order.push_back(v);
      }
      candidates = std::move(next);
    }
    return order;
  }

  // The edges between those left.
  [[nodiscard]] std::vector<std::pair<Node, Node>> core_edges() const {
    std::vector<std::pair<Node, Node>> edges;
    for (Node v = 0; v < neighbours_.size(); ++v) {
      if (gone_[v] != 0) continue;
      for (const Node n : neighbours_[v])
        if (v < n) edges.emplace_back(v, n);
    }
    return edges;
  }
  [[nodiscard]] std::vector<Node> core() const {
    std::vector<Node> left;
    for (Node v = 0; v < gone_.size(); ++v)
      if (gone_[v] == 0) left.push_back(v);
    return left;
  }

 private:
  void take_out(Node v) {
    gone_[v] = 1;
    for (const Node n : neighbours_[v]) std::erase(neighbours_[n], v);
    if (neighbours_[v].size() == 2) {
      const Node a = neighbours_[v][0];
      const Node b = neighbours_[v][1];
      if (std::ranges::find(neighbours_[a], b) == neighbours_[a].end()) {
        neighbours_[a].push_back(b);
        neighbours_[b].push_back(a);
      }
    }
    neighbours_[v] = {};
  }

  std::vector<std::vector<Node>> neighbours_;
  std::vector<std::uint8_t> gone_;
};

// One cell as a graph of its own, with unit capacities for a flow from some nodes to others (Dinitz).
class Cell {
 public:
  void load(std::span<const Node> nodes, const Rows& rows, std::vector<std::uint32_t>& local) {
    size_ = nodes.size();
    for (std::size_t i = 0; i < size_; ++i) local[nodes[i]] = static_cast<std::uint32_t>(i + 1);
    first_.assign(1, 0);
    heads_.clear();
    for (const Node v : nodes) {
      for (const Node n : rows.of(v))
        if (local[n] != 0) heads_.push_back(local[n] - 1);
      first_.push_back(static_cast<std::uint32_t>(heads_.size()));
    }
    for (const Node v : nodes) local[v] = 0;
    pair_up();
  }

  // Ends when `limit` paths were found: such a cut is too wide. Otherwise side() says who is on the source's.
  std::size_t flow(std::span<const Node> sources, std::span<const Node> sinks, std::size_t limit) {
    free_.assign(heads_.size(), 1);
    role_.assign(size_, 0);
    for (const Node v : sources) role_[v] = 1;
    for (const Node v : sinks) role_[v] = 2;
    std::size_t paths = 0;
    while (paths < limit && find_levels(sources)) {
      next_.assign(first_.begin(), first_.end() - 1);
      for (const Node v : sources)
        while (paths < limit && push_path(v)) ++paths;
    }
    return paths;
  }

  // After flow(): moves the cut, which is the nearest to the sources, towards the middle of the cell, without
  // making it wider. A node behind it that no free path leads from to a sink can change sides, and all that
  // free paths lead to from there.
  void even_out(std::span<const Node> sinks) {
    mark_sink_side(sinks);
    std::size_t spread = queue_.size();  // the source's side
    for (std::size_t i = 0; i < queue_.size() && 2 * queue_.size() < size_; ++i)
      for (const Node h : heads(queue_[i])) {
        if (level_[h] >= 0 || role_[h] == 2) continue;
        const std::size_t before = queue_.size();
        change_side(h);
        for (; spread < queue_.size(); ++spread)
          for (std::uint32_t e = first_[queue_[spread]]; e < first_[queue_[spread] + 1]; ++e)
            if (free_[e] > 0 && level_[heads_[e]] < 0) change_side(heads_[e]);
        if (queue_.size() + before <= size_) continue;
        // More uneven than before, the other way round.
        for (std::size_t k = before; k < queue_.size(); ++k) level_[queue_[k]] = -1;
        queue_.resize(before);
        spread = before;
        role_[h] = 2;
      }
  }

  [[nodiscard]] bool on_source_side(Node v) const { return level_[v] >= 0; }
  [[nodiscard]] std::span<const Node> heads(Node v) const {
    return std::span(heads_).subspan(first_[v], first_[v + 1] - first_[v]);
  }

  // Numbers of the connected parts by node; how many there are.
  std::size_t parts(std::vector<std::uint32_t>& part) {
    constexpr auto unseen = std::numeric_limits<std::uint32_t>::max();
    part.assign(size_, unseen);
    std::uint32_t count = 0;
    for (Node start = 0; start < size_; ++start) {
      if (part[start] != unseen) continue;
      queue_.assign(1, start);
      part[start] = count;
      for (std::size_t i = 0; i < queue_.size(); ++i)
        for (const Node n : heads(queue_[i]))
          if (part[n] == unseen) {
            part[n] = count;
            queue_.push_back(n);
          }
      ++count;
    }
    return count;
  }

 private:
  // For each directed edge the opposite one. Rows are ascending, and so are the tails that a node is met
  // from.
  void pair_up() {
    reverse_.resize(heads_.size());
    next_.assign(first_.begin(), first_.end() - 1);
    sorted_.clear();
    for (Node v = 0; v < size_; ++v)
      for (std::uint32_t e = first_[v]; e < first_[v + 1]; ++e)
        if (v < heads_[e]) sorted_.emplace_back(std::uint64_t{v} << 32 | heads_[e], e);
    opposite_.clear();
    for (Node v = 0; v < size_; ++v)
      for (std::uint32_t e = first_[v]; e < first_[v + 1]; ++e)
        if (v > heads_[e]) opposite_.emplace_back(std::uint64_t{heads_[e]} << 32 | v, e);
    std::ranges::sort(sorted_);
    std::ranges::sort(opposite_);
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      reverse_[sorted_[i].second] = opposite_[i].second;
      reverse_[opposite_[i].second] = sorted_[i].second;
    }
  }

  bool find_levels(std::span<const Node> sources) {
    level_.assign(size_, -1);
    queue_.clear();
    for (const Node v : sources) {
      level_[v] = 0;
      queue_.push_back(v);
    }
    bool reached = false;
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const Node v = queue_[i];
      if (role_[v] == 2) {
        reached = true;
        continue;
      }
      for (std::uint32_t e = first_[v]; e < first_[v + 1]; ++e)
        if (free_[e] > 0 && level_[heads_[e]] < 0) {
          level_[heads_[e]] = level_[v] + 1;
          queue_.push_back(heads_[e]);
        }
    }
    return reached;
  }

  // Of all nodes that could still lead one more path to a sink.
  void mark_sink_side(std::span<const Node> sinks) {
    trail_.assign(sinks.begin(), sinks.end());
    while (!trail_.empty()) {
      const Node v = trail_.back();
      trail_.pop_back();
      for (std::uint32_t e = first_[v]; e < first_[v + 1]; ++e) {
        if (free_[reverse_[e]] == 0 || role_[heads_[e]] == 2) continue;
        role_[heads_[e]] = 2;
        trail_.push_back(heads_[e]);
      }
    }
  }

  void change_side(Node v) {
    level_[v] = 0;
    queue_.push_back(v);
  }

  bool push_path(Node source) {
    trail_.clear();
    Node v = source;
    while (role_[v] != 2) {
      std::uint32_t& e = next_[v];
      while (e < first_[v + 1] && (free_[e] == 0 || level_[heads_[e]] != level_[v] + 1)) ++e;
      if (e < first_[v + 1]) {
        trail_.push_back(e);
        v = heads_[e];
        continue;
      }
      if (trail_.empty()) return false;
      v = heads_[reverse_[trail_.back()]];
      ++next_[v];
      trail_.pop_back();
    }
    for (const std::uint32_t e : trail_) {
      --free_[e];
      ++free_[reverse_[e]];
    }
    return true;
  }

  std::size_t size_ = 0;
  std::vector<std::uint32_t> first_;
  std::vector<Node> heads_;
  std::vector<std::uint32_t> reverse_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> opposite_;
  std::vector<std::uint8_t> free_;
  std::vector<std::uint8_t> role_;
  std::vector<std::int32_t> level_;
  std::vector<std::uint32_t> next_;
  std::vector<Node> queue_;
  std::vector<std::uint32_t> trail_;
};

class Dissection {
 public:
  Dissection(const Rows& rows, std::span<const Flat> places)
      : rows_(rows), places_(places), local_(places.size()) {}

  // Orders the nodes in place, least important first.
  void order(std::span<Node> nodes) {
    struct Task {
      std::span<Node> nodes;
    };
    std::vector<Task> tasks{{nodes}};
    while (!tasks.empty()) {
      const auto cell = tasks.back().nodes;
      tasks.pop_back();
      if (cell.size() <= small_cell) continue;
      cell_.load(cell, rows_, local_);
      const std::size_t parts = cell_.parts(part_);
      if (parts > 1) {
        for (const auto part : group(cell, part_, parts)) tasks.push_back({part});
        continue;
      }
      cut(cell);
      // 0 and 1: the halves; 2: the cut, which stays at the end as it is.
      const auto groups = group(cell, side_, 3);
      tasks.push_back({groups[0]});
      tasks.push_back({groups[1]});
    }
  }

 private:
  // Sorts the cell's nodes by their key, and says where each key's nodes lie.
  std::vector<std::span<Node>> group(std::span<Node> cell, std::span<const std::uint32_t> key,
                                     std::size_t keys) {
    std::vector<std::size_t> first(keys + 1);
    for (const std::uint32_t k : key) ++first[k + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    buffer_.assign(cell.begin(), cell.end());
    auto at = first;
    for (std::size_t i = 0; i < cell.size(); ++i) cell[at[key[i]]++] = buffer_[i];
    std::vector<std::span<Node>> groups;
    groups.reserve(keys);
    for (std::size_t k = 0; k < keys; ++k) groups.push_back(cell.subspan(first[k], first[k + 1] - first[k]));
    return groups;
  }

  // The narrowest of four cuts, of equal ones the evenest, as side_ by position in the cell.
  void cut(std::span<const Node> cell) {
    const std::size_t n = cell.size();
    const auto share =
        std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(n) * terminal_share));
    constexpr std::array<std::pair<float, float>, 4> directions{{{1, 0}, {0, 1}, {1, 1}, {1, -1}}};
    std::size_t narrowest = std::numeric_limits<std::size_t>::max();
    std::size_t evenest = 0;
    best_.clear();
    for (const auto& [dx, dy] : directions) {
      along_.resize(n);
      for (std::size_t i = 0; i < n; ++i)
        along_[i] = {places_[cell[i]].x * dx + places_[cell[i]].y * dy, static_cast<Node>(i)};
      const auto begin = along_.begin();
      const auto low = begin + static_cast<std::ptrdiff_t>(share);
      const auto high = begin + static_cast<std::ptrdiff_t>(n - share);
      std::nth_element(begin, low, along_.end());
      std::nth_element(low, high, along_.end());
      sources_.clear();
      sinks_.clear();
      for (auto it = begin; it != low; ++it) sources_.push_back(it->second);
      for (auto it = high; it != along_.end(); ++it) sinks_.push_back(it->second);
      const std::size_t limit = best_.empty() ? n * n : narrowest + 1;
      const std::size_t width = cell_.flow(sources_, sinks_, limit);
      if (width >= limit) continue;
      cell_.even_out(sinks_);
      std::size_t inside = 0;
      for (Node v = 0; v < n; ++v) inside += cell_.on_source_side(v) ? 1 : 0;
      const std::size_t even = std::min(inside, n - inside);
      if (!best_.empty() && width == narrowest && even <= evenest) continue;
      narrowest = width;
      evenest = even;
      best_.resize(n);
      for (Node v = 0; v < n; ++v) best_[v] = cell_.on_source_side(v) ? 1 : 0;
    }
    separate(n);
  }

  // The fewest nodes that all cut edges have an end among (a vertex cover: as many as there are edges without
  // a common end, by König's theorem).
  void separate(std::size_t n) {
    side_.assign(best_.begin(), best_.end());
    mate_.assign(n, nobody);
    seen_.assign(n, 0);
    std::uint32_t round = 0;
    for (Node v = 0; v < n; ++v)
      if (best_[v] == 1 && is_at_cut(v)) find_mate(v, ++round);
    // From those without a mate along alternating edges: what is reached beyond the cut, and on this side
    // what is not.
    ++round;
    for (Node v = 0; v < n; ++v)
      if (best_[v] == 1 && mate_[v] == nobody && is_at_cut(v)) find_mate(v, round);
    for (Node v = 0; v < n; ++v)
      if (mate_[v] != nobody && (best_[v] == 1) != (seen_[v] == round)) side_[v] = 2;
  }

  [[nodiscard]] bool is_at_cut(Node v) const {
    return std::ranges::any_of(cell_.heads(v), [&](Node h) { return best_[h] != best_[v]; });
  }

  // Whether the node finds a mate beyond the cut; others may have to change theirs.
  bool find_mate(Node v, std::uint32_t round) {
    seen_[v] = round;
    for (const Node h : cell_.heads(v)) {
      if (best_[h] == best_[v] || seen_[h] == round) continue;
      seen_[h] = round;
      if (mate_[h] != nobody && !find_mate(mate_[h], round)) continue;
      mate_[h] = v;
      mate_[v] = h;
      return true;
    }
    return false;
  }

  static constexpr Node nobody = std::numeric_limits<Node>::max();
  const Rows& rows_;
  std::span<const Flat> places_;
  std::vector<std::uint32_t> local_;
  Cell cell_;
  std::vector<std::uint32_t> part_;
  std::vector<std::uint32_t> side_;
  std::vector<std::uint32_t> best_;
  std::vector<Node> mate_;
  std::vector<std::uint32_t> seen_;
  std::vector<std::pair<float, Node>> along_;
  std::vector<Node> sources_;
  std::vector<Node> sinks_;
  std::vector<Node> buffer_;
};

}  // namespace

std::vector<std::uint32_t> nested_dissection(std::span<const std::pair<std::uint32_t, std::uint32_t>> edges,
                                             std::span<const Flat> places) {
  Peeling peeling(rows_of(edges, places.size()));
  std::vector<Node> order = peeling.run();
  const std::size_t peeled = order.size();
  const auto core = peeling.core();
  order.insert(order.end(), core.begin(), core.end());
  const Rows rows = rows_of(peeling.core_edges(), places.size());
  Dissection(rows, places).order(std::span(order).subspan(peeled));
  return order;
}

}  // namespace diary::graph
