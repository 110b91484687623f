// SPDX-License-Identifier: Apache-2.0
#include "demo/history.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "demo/people.hpp"

namespace diary::demo {
namespace {

struct Mood {
  double safety;
  double night;
  double change;
};

double mood_of_neighborhood(std::string_view name) {
  static const std::map<std::string_view, double> known{{"Rittenhouse Square", 4.1},
                                                        {"Society Hill", 4.2},
                                                        {"Fitler Square", 4.1},
                                                        {"Old City", 3.7},
                                                        {"Washington Square West", 3.6},
                                                        {"Queen Village", 3.8},
                                                        {"Bella Vista", 3.7},
                                                        {"Fairmount", 3.8},
                                                        {"Spring Garden", 3.4},
                                                        {"Logan Square", 3.6},
                                                        {"Penn's Landing", 3.3},
                                                        {"University City", 3.5},
                                                        {"Market East", 2.7},
                                                        {"Chinatown", 3.0},
                                                        {"Callowhill", 2.5},
                                                        {"Poplar", 2.4},
                                                        {"Northern Liberties", 3.3},
                                                        {"Hawthorne", 3.2},
                                                        {"Graduate Hospital", 3.4}};
  const auto found = known.find(name);
  return found == known.end() ? 3.2 : found->second;
}

// Whole stretches change together, for a new lamp or a building site is not a matter of one block.
double some_change(Random& random) {
  const double x = random.unit();
  if (x < 0.07) return 1.6 + 0.4 * random.unit();
  if (x < 0.14) return -1.6 - 0.4 * random.unit();
  return 0;
}

Mood some_mood(Random& random, const CitySegment& segment) {
  Mood mood{.safety = mood_of_neighborhood(*segment.segment.neighborhood) + 0.5 * random.bell(),
            .night = 0.2 + 0.9 * random.unit(),
            .change = some_change(random)};
  if (segment.kind == Kind::walk) mood.night += 0.5;
  if (segment.kind == Kind::minor) mood.night += 0.2;
  // Room to improve, or to get worse.
  if (mood.change > 0) mood.safety = std::min(mood.safety, 2.7);
  if (mood.change < 0) mood.safety = std::max(mood.safety, 3.8);
  return mood;
}

// Where people go: the weight of the crowd and how fast it thins out.
struct Magnet {
  GridPoint center;
  double weight;
  double reach_m;
};

constexpr Magnet magnets[] = {{{0, 0}, 1, 600},            // City Hall
                              {{-645, -425}, 0.7, 300},    // Rittenhouse Square
                              {{590, 410}, 0.5, 250},      // Chinatown
                              {{1600, 0}, 0.7, 300},       // Old City
                              {{1300, -970}, 0.5, 250},    // South St at Passyunk
                              {{-2600, -345}, 0.4, 300},   // Penn's campus
                              {{-1705, 0}, 0.4, 200},      // 30th Street Station
                              {{-1350, 1000}, 0.4, 250}};  // the Parkway by the Art Museum

double crowd_at(GridPoint place) {
  double crowd = 0.02;
  for (const Magnet& magnet : magnets)
    crowd += magnet.weight * std::exp(-distance_m(place, magnet.center) / magnet.reach_m);
  return crowd;
}

double visits(Random& random, const CitySegment& segment, bool changing) {
  const double kind = segment.kind == Kind::main ? 1.0 : segment.kind == Kind::minor ? 0.15 : 0.8;
  const double luck = random.unit();
  return crowd_at(segment.middle) * kind * (0.15 + 4 * luck * luck * luck) * (changing ? 2 : 1);
}

}  // namespace

std::vector<Character> characters(std::uint64_t seed) {
  Random random(seed ^ 0x5354524545545321U);
  std::map<std::string, Mood> moods;
  std::vector<Character> out;
  for (const CitySegment& segment : city()) {
    const std::string stretch = segment.segment.street + '/' + *segment.segment.neighborhood;
    auto found = moods.find(stretch);
    if (found == moods.end()) found = moods.emplace(stretch, some_mood(random, segment)).first;
    const Mood& mood = found->second;
    out.push_back({.segment_id = segment.segment.segment_id,
                   .visits = visits(random, segment, mood.change != 0),
                   .safety = mood.safety + 0.25 * random.bell(),
                   .night = mood.night,
                   .change = mood.change,
                   .middle = segment.middle});
  }
  return out;
}

History history(std::uint64_t seed, Time now, const HistorySize& size) {
  Random random(seed ^ 0x50454f504c452121U);
  const Time begin = now - RunningScore::window;
  auto users = people(random, size.users, begin);
  Plan plan{.streets = characters(seed),
            .users = {},
            .ratings = size.ratings,
            .votes = size.votes,
            .begin = begin,
            .end = now,
            .seed = seed,
            .homes = true};
  for (const SampleUser& user : users) plan.users.push_back(user.user_id);
  return {std::move(users), Chronicle(std::move(plan))};
}

}  // namespace diary::demo
