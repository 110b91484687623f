// SPDX-License-Identifier: Apache-2.0
#include "demo/words.hpp"

#include <span>

#include "demo/local_time.hpp"

namespace diary::demo {
namespace {

// How often a tag is said: on bad (1, 2), middling (3) and good (4, 5) ratings, and at night against by day.
struct Tag {
  std::string_view text;
  double bad, middling, good;
  double by_day, by_night;
};

constexpr Tag tags[] = {
    {"poor lighting", 5, 2, 0.2, 0.1, 3},      {"well lit", 0.2, 1.5, 4, 0.3, 2.5},
    {"busy", 0.8, 2, 2.5, 1.5, 0.8},           {"quiet", 0.8, 2, 2.5, 1, 1.2},
    {"deserted", 3, 1, 0.1, 0.3, 2},           {"construction", 2, 2, 0.5, 1.3, 0.5},
    {"cracked sidewalk", 2, 2, 0.5, 1.2, 0.5}, {"blocked sidewalk", 2, 1.2, 0.3, 1.3, 0.4},
    {"speeding cars", 3, 1.5, 0.3, 1.1, 1},    {"no crosswalk", 1.5, 1, 0.2, 1.1, 0.6},
    {"harassment", 2, 0.3, 0, 0.5, 1.4},       {"loitering", 2, 0.8, 0.1, 0.6, 1.5},
    {"broken glass", 1.8, 0.8, 0.1, 1, 0.9},   {"litter", 1.8, 1.4, 0.3, 1.2, 0.6},
    {"friendly", 0.1, 1, 3, 1.3, 0.6},         {"open shops", 0.1, 1, 2.5, 1.4, 0.5},
    {"trees", 0.1, 1, 2.2, 1.5, 0.2},          {"clean", 0.1, 0.8, 2.2, 1.2, 0.7},
    {"good visibility", 0.2, 1, 2, 1, 0.8},    {"bike lane", 0.3, 0.8, 1.5, 1.2, 0.5},
    {"people around", 0.3, 1, 2.5, 1, 1.4},    {"children playing", 0.1, 0.5, 1.5, 1.2, 0.05}};

constexpr std::string_view bad_by_day[] = {
    "Cars come round the corner far too fast.",
    "Had to step into the road, the sidewalk is closed off.",
    "Glass all over the corner again.",
    "Would not push a stroller along here.",
    "Drivers ignore the stop sign.",
    "Scaffolding for months and nowhere to walk.",
    "Got shouted at twice on one block.",
    "The sidewalk is broken up by roots, my mother tripped.",
    "Delivery vans park right on the crosswalk.",
    "Light turns before you are halfway over.",
};
constexpr std::string_view bad_by_night[] = {
    "Two street lights out on this block.",
    "Nobody around after nine, I take the next street over.",
    "Too dark to see the curb.",
    "Someone followed me for half a block.",
    "Felt uneasy walking home alone.",
    "Pitch black under the trees.",
    "People hanging around the loading docks, walked faster.",
    "The garage entrance is a blind spot at night.",
    "Speeding after the bars close.",
    "Lights have been flickering for weeks.",
};
constexpr std::string_view middling[] = {
    "Fine, nothing special.",
    "Okay by day, would think twice late at night.",
    "Depends on the hour.",
    "Better than it was last year.",
    "Noisy but I never felt unsafe.",
    "Half the block is nice, the other half needs work.",
    "Watch the turning cars at the corner.",
    "Average for the neighborhood.",
};
constexpr std::string_view good_by_day[] = {
    "Lovely block, neighbors say hello.",
    "Wide sidewalk and plenty of people.",
    "My favorite way to work.",
    "Shops are open and there is always somebody about.",
    "New curb ramps, much easier with a cart.",
    "Shady and calm.",
    "Kids draw chalk here every afternoon.",
    "Cars actually stop for you.",
    "Clean and well looked after.",
    "Walk the dog here twice a day without a worry.",
};
constexpr std::string_view good_by_night[] = {
    "Well lit all the way, no problem at eleven.",
    "Restaurants keep it lively until late.",
    "New lamps make a real difference.",
    "Walked home alone and felt fine.",
    "Porch lights on, quiet in a good way.",
    "Enough people coming out of the theaters.",
    "Always someone walking a dog here, even late.",
};

double weight_of(const Tag& tag, int rating, bool night) {
  const double mood = rating <= 2 ? tag.bad : rating == 3 ? tag.middling : tag.good;
  return mood * (night ? tag.by_night : tag.by_day);
}

std::size_t tag_count(Random& random) {
  const double x = random.unit();
  return x < 0.3 ? 0 : x < 0.68 ? 1 : x < 0.9 ? 2 : x < 0.98 ? 3 : 4;
}

}  // namespace

std::vector<std::string_view> some_tags(Random& random, int rating, int hour) {
  std::vector<std::string_view> chosen;
  const std::size_t count = tag_count(random);
  if (count == 0) return chosen;
  Lottery lottery;
  for (const Tag& tag : tags) lottery.add(weight_of(tag, rating, is_night(hour)));
  while (chosen.size() < count) {
    const std::string_view tag = tags[lottery.draw(random)].text;
    if (std::ranges::find(chosen, tag) == chosen.end()) chosen.push_back(tag);
  }
  return chosen;
}

std::string_view some_comment(Random& random, int rating, int hour) {
  using Lines = std::span<const std::string_view>;
  const bool night = is_night(hour);
  if (rating <= 2) return random.pick(night ? Lines(bad_by_night) : Lines(bad_by_day));
  if (rating == 3) return random.pick(Lines(middling));
  return random.pick(night ? Lines(good_by_night) : Lines(good_by_day));
}

std::vector<std::string_view> known_tags() {
  std::vector<std::string_view> all;
  for (const Tag& tag : tags) all.push_back(tag.text);
  return all;
}

}  // namespace diary::demo
