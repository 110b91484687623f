// SPDX-License-Identifier: Apache-2.0
#include "graph/main_part.hpp"

#include <algorithm>

namespace diary::graph {
namespace {

class Tarjan {
 public:
  Tarjan(const RoadGraph& graph, Profile profile)
      : graph_(graph),
        profile_(profile),
        seen_(graph.node_count()),
        low_(graph.node_count()),
        part_(graph.node_count()) {}

  std::vector<bool> run() {
    for (std::uint32_t v = 0; v < seen_.size(); ++v)
      if (seen_[v] == 0) visit(v);
    std::vector<bool> result(seen_.size());
    for (std::uint32_t v = 0; v < seen_.size(); ++v) result[v] = part_[v] == largest_;
    return result;
  }

 private:
  struct Frame {
    std::uint32_t node;
    std::size_t next;  // link
  };

  void enter(std::uint32_t v) {
    seen_[v] = low_[v] = ++clock_;
    open_.push_back(v);
    frames_.push_back({v, 0});
  }

  void visit(std::uint32_t start) {
    enter(start);
    while (!frames_.empty()) {
      const std::uint32_t v = frames_.back().node;
      const auto links = graph_.links(NodeId(v));
      if (frames_.back().next < links.size()) {
        const Link& link = links[frames_.back().next++];
        if (!graph_.passable(link.edge, link.along, profile_)) continue;
        const std::uint32_t head = link.head.value;
        if (seen_[head] == 0)
          enter(head);
        else if (part_[head] == 0)
          low_[v] = std::min(low_[v], seen_[head]);
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[v]);
      if (low_[v] == seen_[v]) close(v);
    }
  }

  void close(std::uint32_t v) {
    ++parts_;
    std::size_t size = 0;
    while (true) {
      const std::uint32_t member = open_.back();
      open_.pop_back();
      part_[member] = parts_;
      ++size;
      if (member == v) break;
    }
    if (size > largest_size_) {
      largest_size_ = size;
      largest_ = parts_;
    }
  }

  const RoadGraph& graph_;
  Profile profile_;
  std::vector<std::uint32_t> seen_;  // when, from 1; 0: not yet
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> part_;  // from 1; 0: not closed yet
  std::vector<std::uint32_t> open_;
  std::vector<Frame> frames_;
  std::uint32_t clock_ = 0;
  std::uint32_t parts_ = 0;
  std::uint32_t largest_ = 0;
  std::size_t largest_size_ = 0;
};

}  // namespace

std::vector<bool> main_part(const RoadGraph& graph, Profile profile) {
  return Tarjan(graph, profile).run();
}

}  // namespace diary::graph
