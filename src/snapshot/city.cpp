// SPDX-License-Identifier: Apache-2.0
#include "snapshot/city.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <span>

#include "base/readers_lock.hpp"
#include "snapshot/box_index.hpp"
#include "snapshot/line.hpp"
#include "snapshot/street_names.hpp"

namespace diary::snapshot {
namespace {

constexpr std::size_t per_slice = 256;  // changes that readers wait for at once

Bounds bounds_of_line(std::span<const LngLat> line) {
  BBox box{line[0].lng, line[0].lat, line[0].lng, line[0].lat};
  for (const LngLat& p : line) {
    box.west = std::min(box.west, p.lng);
    box.east = std::max(box.east, p.lng);
    box.south = std::min(box.south, p.lat);
    box.north = std::max(box.north, p.lat);
  }
  return bounds_of(box);
}

// Whether a line with these bounds surely meets the box, without a look at the line: it lies in it; or it is
// within the box's width (height) all along, and so runs through every height (width) between its ends.
bool surely_meets(const BBox& box, const Bounds& line) {
  constexpr double rounding = 4e-5;  // more than bounds_of() moved an edge outwards by
  const double west = line.west;
  const double south = line.south;
  const double east = line.east;
  const double north = line.north;
  const bool within_width = west >= box.west && east <= box.east;
  const bool within_height = south >= box.south && north <= box.north;
  if (within_width && within_height) return true;
  if (within_width) return south + rounding <= box.north && north - rounding >= box.south;
  return within_height && west + rounding <= box.east && east - rounding >= box.west;
}

// Of a decimal, as the database prints it.
std::int32_t hundredths_of(const std::string& decimal) {
  double value = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return static_cast<std::int32_t>(std::lround(value * 100));
}

}  // namespace

struct City::Entry {
  Entry() = default;
  Entry(const LiveSegment& segment, Time at)
      : id(segment.segment_id),
        w(segment.w),
        s(segment.s),
        changed_at(segment.changed_at),
        changed_by(segment.changed_xid),
        street_by(segment.street_xid),
        length_cm(hundredths_of(segment.length_m)),
        delta_30d(hundredths_of(segment.delta_30d)),
        point_count(static_cast<std::uint32_t>(segment.line.size())),
        points(std::make_unique<LngLat[]>(segment.line.size())),
        world_points(std::make_unique<WorldPoint[]>(segment.line.size())) {
    std::ranges::copy(segment.line, points.get());
    std::ranges::transform(segment.line, world_points.get(), to_world);
    const Score shown = score(w, s, decay_at(at));
    text = SegmentText(segment, shown);
    text_ends = score_ends(w, s, shown);
  }

  // Has the processor fetch what a page needs of it, which may begin in one line of its cache and end in the
  // next.
  void prefetch() const {
    __builtin_prefetch(&text);
    __builtin_prefetch(&text_ends);
  }
  [[nodiscard]] SegmentText text_at(Time at) const {
    return at < text_ends ? text : text.with(score(w, s, decay_at(at)));
  }
  [[nodiscard]] std::span<const LngLat> line() const { return {points.get(), point_count}; }
  [[nodiscard]] std::span<const WorldPoint> world_line() const { return {world_points.get(), point_count}; }
  // Whether readers see no difference; the database moves changed_at with whatever else it changes.
  [[nodiscard]] bool shows_the_same(const Entry& other) const {
    return changed_at == other.changed_at && w == other.w && s == other.s;
  }

  // First what a page needs.
  SegmentText text;
  Time text_ends;
  std::string id;
  double w = 0;
  double s = 0;
  Time changed_at;
  std::uint64_t changed_by = 0;  // the transaction
  std::uint64_t street_by = 0;   // the one that changed the street itself
  std::int32_t length_cm = 0;
  std::int32_t delta_30d = 0;  // hundredths
  std::uint32_t street = 0;    // of StreetNames, once it is in the index
  std::uint32_t point_count = 0;
  std::unique_ptr<LngLat[]> points;
  std::unique_ptr<WorldPoint[]> world_points;
};

// By slot, in blocks that stay where they are.
class City::Entries {
 public:
  Entry& operator[](Slot slot) { return blocks_[slot / per_block][slot % per_block]; }
  const Entry& operator[](Slot slot) const { return blocks_[slot / per_block][slot % per_block]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void clear() {
    blocks_.clear();
    size_ = 0;
  }
  Entry& add(Entry entry) {
    if (size_ % per_block == 0) blocks_.push_back(std::make_unique<Entry[]>(per_block));
    Entry& added = blocks_[size_ / per_block][size_ % per_block];
    added = std::move(entry);
    ++size_;
    return added;
  }

 private:
  static constexpr std::size_t per_block = 1024;  // a power of two: found without a division
  std::vector<std::unique_ptr<Entry[]>> blocks_;
  std::size_t size_ = 0;
};

// Each segment has a slot for as long as it is there, and a rank among all in the order of their ids' bytes.
struct City::Index {
  mutable ReadersLock lock;
  Entries entries;
  std::vector<Slot> free;     // slots of those that went
  std::vector<Slot> order;    // slots by rank
  std::vector<Slot> rank;     // ranks by slot
  std::size_t mean_text = 0;  // of a sample
  BoxIndex boxes;
  StreetNames streets;
};

// What a query asks of a segment besides its place.
class City::Filter {
 public:
  Filter(const SegmentQuery& query, double decay)
      : decay_(decay),
        least_(query.min_confidence ? confidence_from(*query.min_confidence) : 0),
        after_(query.updated_after) {}

  [[nodiscard]] bool all() const { return least_ == 0 && !after_; }
  bool operator()(const Entry& entry) const {
    if (after_ && entry.changed_at <= *after_) return false;
    return least_ == 0 || score(entry.w, entry.s, decay_).confidence >= least_;
  }

 private:
  double decay_;
  std::int64_t least_;
  std::optional<Time> after_;
};

City::City() : index_(std::make_unique<Index>()) {}
City::~City() = default;

std::size_t City::size() const {
  const std::shared_lock lock(index_->lock);
  return index_->order.size();
}

std::size_t City::rank_behind(std::string_view segment_id) const {
  const auto at = std::upper_bound(
      index_->order.begin(), index_->order.end(), segment_id,
      [this](std::string_view id, Slot slot) { return id < std::string_view(index_->entries[slot].id); });
  return static_cast<std::size_t>(at - index_->order.begin());
}

std::optional<City::Slot> City::slot_of(std::string_view segment_id) const {
  const std::size_t rank = rank_behind(segment_id);
  if (rank == 0 || index_->entries[index_->order[rank - 1]].id != segment_id) return std::nullopt;
  return index_->order[rank - 1];
}

// The ranks of all that match.
void City::collect(const SegmentQuery& query, Time at, RankSet& ranks) const {
  const Index& index = *index_;
  const Filter filter(query, decay_at(at));
  const bool all = filter.all();
  const auto take = [&](Slot slot) {
    if (all || filter(index.entries[slot])) ranks.add(index.rank[slot]);
  };
  if (query.bbox) {
    const BBox& box = *query.bbox;
    index.boxes.find(
        box, [&](std::span<const Slot> slots) { std::ranges::for_each(slots, take); },
        [&](const Bounds& bounds, Slot slot) {
          if (surely_meets(box, bounds) || intersects(index.entries[slot].line(), box)) take(slot);
        });
  } else {
    std::ranges::for_each(index.order, take);
  }
}

// The slots of a page by rank, until this thread asks again; says what else matches.
std::span<const City::Slot> City::pick(const SegmentQuery& query, Time at, CityPage& page) const {
  static thread_local RankSet ranks;
  static thread_local std::vector<Slot> slots;
  const std::vector<Slot>& order = index_->order;
  const std::size_t first = query.after ? rank_behind(*query.after) : 0;
  const auto offset = static_cast<std::size_t>(query.after ? 0 : query.offset);
  const auto limit = static_cast<std::size_t>(query.limit);
  if (!query.bbox && !query.updated_after && !query.min_confidence) {
    page.total = static_cast<std::int64_t>(order.size());
    const std::size_t begin = std::min(order.size(), first + offset);
    const std::size_t end = std::min(order.size(), begin + limit);
    page.more = end < order.size();
    return std::span(order).subspan(begin, end - begin);
  }
  slots.clear();
  ranks.begin(order.size());
  collect(query, at, ranks);
  page.total = static_cast<std::int64_t>(ranks.size());
  ranks.each(first, offset, [&](Slot rank) {
    page.more = slots.size() == limit;
    if (!page.more) slots.push_back(order[rank]);
    return !page.more;
  });
  return slots;
}

CityPage City::list(const SegmentQuery& query, Form form, Time at, std::string& out) const {
  const std::shared_lock lock(index_->lock);
  CityPage page;
  const std::span<const Slot> wanted = pick(query, at, page);
  std::string digests;
  digests.reserve(wanted.size() * sizeof(Digest));
  out.reserve(out.size() + wanted.size() * (index_->mean_text + (form == Form::feature ? 160 : 80)) + 200);
  std::optional<double> decay;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    // Each text is somewhere else: those to come are on their way while this one is copied.
    if (i + 16 < wanted.size()) index_->entries[wanted[i + 16]].prefetch();
    if (i + 8 < wanted.size()) index_->entries[wanted[i + 8]].text.prefetch();
    const Entry& entry = index_->entries[wanted[i]];
    if (i > 0) out += ',';
    const SegmentText* text = &entry.text;
    SegmentText fresh;
    if (at >= entry.text_ends) {
      if (!decay) decay = decay_at(at);
      fresh = entry.text.with(score(entry.w, entry.s, *decay));
      text = &fresh;
    }
    text->append(out, form);
    digests.append(reinterpret_cast<const char*>(text->digest().data()), sizeof(Digest));
  }
  page.digest = digest_of(digests);
  if (!wanted.empty()) page.last_id = index_->entries[wanted.back()].id;
  return page;
}

std::optional<Digest> City::find(std::string_view segment_id, Form form, Time at, std::string& out) const {
  const std::shared_lock lock(index_->lock);
  const auto slot = slot_of(segment_id);
  if (!slot) return std::nullopt;
  const Entry& entry = index_->entries[*slot];
  const SegmentText text = entry.text_at(at);
  text.append(out, form);
  return text.digest();
}

void City::visit(const BBox& box, const std::function<void(const MappedSegment&)>& visitor,
                 const std::function<void()>& done) const {
  const Index& index = *index_;
  const std::shared_lock lock(index.lock);
  const auto show = [&](Slot slot) {
    const Entry& entry = index.entries[slot];
    const StreetNames::Street& street = index.streets[entry.street];
    const auto length_cm = street.is_name ? street.length_cm : entry.length_cm;
    visitor({.segment_id = entry.id,
             .street = street.name,
             .street_number = entry.street,
             .street_m = static_cast<double>(length_cm) / 100,
             .w = entry.w,
             .s = entry.s,
             .length_cm = entry.length_cm,
             .delta_30d = entry.delta_30d,
             .line = entry.world_line()});
  };
  index.boxes.each(box, show);
  done();
}

bool City::changed_since(const BBox& box, std::uint64_t since, std::size_t limit, Time at,
                         std::vector<std::string>& out) const {
  const Index& index = *index_;
  const std::shared_lock lock(index.lock);
  std::vector<Slot> found;
  const auto look = [&](Slot slot) {
    if (index.entries[slot].changed_by >= since) found.push_back(slot);
  };
  index.boxes.each(box, look);
  if (found.size() > limit) return false;
  for (const Slot slot : found) index.entries[slot].text_at(at).append(out.emplace_back(), Form::event);
  return true;
}

std::optional<Bounds> City::bounds() const {
  const std::shared_lock lock(index_->lock);
  return index_->boxes.bounds();
}

void City::begin_loading() {
  index_->entries.clear();
  index_->streets.clear();
}

void City::add(const std::vector<LiveSegment>& segments, Time at) {
  for (const LiveSegment& segment : segments) {
    Entry& entry = index_->entries.add(Entry(segment, at));
    entry.street = index_->streets.add(segment.street, entry.length_cm);
  }
}

void City::finish_loading() {
  Index& index = *index_;
  const std::unique_lock lock(index.lock);
  index.order.resize(index.entries.size());
  std::iota(index.order.begin(), index.order.end(), Slot{0});
  number(0);
  std::vector<BoxIndex::Item> items;
  items.reserve(index.entries.size());
  for (Slot slot = 0; slot < index.entries.size(); ++slot)
    items.push_back({bounds_of_line(index.entries[slot].line()), slot});
  index.boxes = BoxIndex(std::move(items));
  loaded_ = true;
}

// Ranks anew after slots went, or came behind the first `sorted` of the order.
void City::number(std::size_t sorted) {
  Index& index = *index_;
  const auto by_id = [&](Slot a, Slot b) { return index.entries[a].id < index.entries[b].id; };
  const auto news = index.order.begin() + static_cast<std::ptrdiff_t>(sorted);
  std::sort(news, index.order.end(), by_id);
  std::inplace_merge(index.order.begin(), news, index.order.end(), by_id);
  index.rank.resize(index.entries.size());
  for (std::size_t i = 0; i < index.order.size(); ++i) index.rank[index.order[i]] = static_cast<Slot>(i);
  constexpr std::size_t sample = 100;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sample && !index.order.empty(); ++i)
    bytes += index.entries[index.order[i * index.order.size() / sample]].text.size();
  index.mean_text = bytes / sample;
}

std::vector<CityChange> City::put(const std::vector<LiveSegment>& segments, Time at) {
  std::vector<CityChange> changed;
  for (std::size_t from = 0; from < segments.size(); from += per_slice) {
    put_slice(segments, from, std::min(segments.size(), from + per_slice), at, changed);
    if (!index_->boxes.is_untidy()) continue;
    BoxIndex packed(index_->boxes.items());  // before the readers are kept out
    const std::unique_lock lock(index_->lock);
    std::swap(index_->boxes, packed);
  }
  return changed;
}

// Rendered before the readers are kept out: this thread alone changes what it looks at.
void City::put_slice(const std::vector<LiveSegment>& segments, std::size_t from, std::size_t to, Time at,
                     std::vector<CityChange>& changed) {
  Index& index = *index_;
  struct Change {
    std::optional<Slot> slot;
    Entry entry;
    bool moved;
  };
  std::vector<Change> changes;
  changes.reserve(to - from);
  for (std::size_t i = from; i < to; ++i) {
    const auto slot = slot_of(segments[i].segment_id);
    const bool moved = !slot || !std::ranges::equal(index.entries[*slot].line(), segments[i].line);
    changes.push_back({slot, Entry(segments[i], at), moved});
    const Entry& entry = changes.back().entry;
    if (!moved && entry.shows_the_same(index.entries[*slot])) continue;
    CityChange& change = changed.emplace_back(entry.id, bounds_of_line(entry.line()));
    if (slot) change.bounds.include(bounds_of_line(index.entries[*slot].line()));
  }
  const std::unique_lock lock(index.lock);
  const std::size_t known = index.order.size();
  for (std::size_t i = from; i < to; ++i) {
    Change& change = changes[i - from];
    if (change.slot) {
      const Entry& before = index.entries[*change.slot];
      index.streets.remove(before.street, before.length_cm);
    }
    change.entry.street = index.streets.add(segments[i].street, change.entry.length_cm);
    if (change.slot && change.moved) index.boxes.remove(*change.slot);
    if (!change.slot) {
      if (index.free.empty()) {
        change.slot = static_cast<Slot>(index.entries.size());
        index.entries.add(Entry());
      } else {
        change.slot = index.free.back();
        index.free.pop_back();
      }
      index.order.push_back(*change.slot);
    }
    index.entries[*change.slot] = std::move(change.entry);
    if (change.moved) index.boxes.insert({bounds_of_line(index.entries[*change.slot].line()), *change.slot});
  }
  if (index.order.size() != known) number(known);
}

std::vector<CityChange> City::move(const std::vector<SegmentState>& states, Time at,
                                   std::vector<std::string>& others) {
  Index& index = *index_;
  struct Change {
    Slot slot;
    const SegmentState* state;
    SegmentText text;
    Time ends;
  };
  std::vector<CityChange> changed;
  std::vector<Change> changes;
  changes.reserve(std::min(states.size(), per_slice));
  const auto commit = [&] {
    const std::unique_lock lock(index.lock);
    for (Change& change : changes) {
      Entry& entry = index.entries[change.slot];
      entry.w = change.state->w;
      entry.s = change.state->s;
      entry.changed_at = change.state->changed_at;
      entry.changed_by = change.state->changed_xid;
      entry.delta_30d = hundredths_of(change.state->delta_30d);
      entry.text = std::move(change.text);
      entry.text_ends = change.ends;
    }
    changes.clear();
  };
  const double decay = decay_at(at);
  for (const SegmentState& state : states) {
    const auto slot = slot_of(state.segment_id);
    if (!slot || state.street_xid == 0 || index.entries[*slot].street_by != state.street_xid) {
      others.push_back(state.segment_id);
      continue;
    }
    const Entry& entry = index.entries[*slot];
    if (entry.changed_by == state.changed_xid && entry.changed_at == state.changed_at) continue;
    const Score shown = score(state.w, state.s, decay);
    changes.push_back({*slot, &state, entry.text.with(state, shown), score_ends(state.w, state.s, shown)});
    changed.emplace_back(entry.id, bounds_of_line(entry.line()));
    if (changes.size() == per_slice) commit();
  }
  if (!changes.empty()) commit();
  return changed;
}

bool City::has(std::string_view segment_id, std::uint64_t changed_xid) const {
  const auto slot = slot_of(segment_id);
  return slot && index_->entries[*slot].changed_by == changed_xid;
}

std::vector<CityChange> City::remove(const std::vector<std::string>& segment_ids) {
  Index& index = *index_;
  std::vector<CityChange> changed;
  std::vector<Slot> gone;
  for (const std::string& id : segment_ids) {
    if (const auto slot = slot_of(id)) gone.push_back(*slot);
  }
  if (gone.empty()) return changed;
  std::ranges::sort(gone);
  gone.erase(std::ranges::unique(gone).begin(), gone.end());
  for (const Slot slot : gone)
    changed.emplace_back(index.entries[slot].id, bounds_of_line(index.entries[slot].line()), true);
  const std::unique_lock lock(index.lock);
  std::erase_if(index.order, [&](Slot slot) { return std::ranges::binary_search(gone, slot); });
  for (const Slot slot : gone) {
    index.boxes.remove(slot);
    index.streets.remove(index.entries[slot].street, index.entries[slot].length_cm);
    index.entries[slot] = Entry();
    index.entries[slot].text_ends = Time::max();
    index.free.push_back(slot);
  }
  number(index.order.size());
  return changed;
}

void City::refresh(Time at) {
  Index& index = *index_;
  const double decay = decay_at(at);
  struct Change {
    Slot slot;
    SegmentText text;
    Time ends;
  };
  std::vector<Change> changes;
  const auto commit = [&] {
    const std::unique_lock lock(index.lock);
    for (Change& change : changes) {
      index.entries[change.slot].text = std::move(change.text);
      index.entries[change.slot].text_ends = change.ends;
    }
    changes.clear();
  };
  for (Slot slot = 0; slot < index.entries.size(); ++slot) {
    const Entry& entry = index.entries[slot];
    if (at < entry.text_ends) continue;
    const Score shown = score(entry.w, entry.s, decay);
    changes.push_back({slot, entry.text.with(shown), score_ends(entry.w, entry.s, shown)});
    if (changes.size() == per_slice) commit();
  }
  if (!changes.empty()) commit();
}

std::vector<std::string> City::ids() const {
  const std::shared_lock lock(index_->lock);
  std::vector<std::string> all;
  all.reserve(index_->order.size());
  for (const Slot slot : index_->order) all.push_back(index_->entries[slot].id);
  return all;
}

}  // namespace diary::snapshot
