// SPDX-License-Identifier: Apache-2.0
#include "demo/people.hpp"

#include <fmt/format.h>

#include <string_view>

namespace diary::demo {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view first_names[] = {
    "Aisha",  "Alex",   "Amara",  "Andre",  "Angela", "Anthony", "Beth",   "Bianca", "Brendan", "Carla",
    "Carlos", "Chen",   "Claire", "Daniel", "Darius", "Deborah", "Dmitri", "Elena",  "Emeka",   "Erin",
    "Farah",  "Felix",  "Gina",   "Grace",  "Hannah", "Hassan",  "Imani",  "Isabel", "Jamal",   "Jin",
    "Joan",   "Jorge",  "Kate",   "Keisha", "Kevin",  "Lan",     "Leah",   "Liam",   "Lucia",   "Malik",
    "Maria",  "Marcus", "Mei",    "Nadia",  "Nate",   "Nina",    "Omar",   "Paolo",  "Priya",   "Quinn",
    "Rachel", "Rosa",   "Sam",    "Sean",   "Sofia",  "Tanya",   "Theo",   "Uma",    "Victor",  "Yusuf"};

constexpr std::string_view last_names[] = {
    "Abbott", "Alvarez", "Baker",    "Bianchi",  "Boyle", "Brooks", "Burke",  "Carter", "Chang",    "Coleman",
    "Conway", "Costa",   "Cruz",     "Dang",     "Davis", "Diallo", "Doyle",  "Ellis",  "Esposito", "Fischer",
    "Foster", "Gallo",   "Garcia",   "Green",    "Gupta", "Haines", "Hayes",  "Hughes", "Ibrahim",  "Jackson",
    "Jones",  "Kaplan",  "Kim",      "Kowalski", "Lee",   "Levin",  "Lopez",  "Marino", "McBride",  "Miller",
    "Moore",  "Nguyen",  "Okafor",   "Ortiz",    "Patel", "Pham",   "Price",  "Ramos",  "Reid",     "Rivera",
    "Romano", "Russo",   "Schwartz", "Shah",     "Silva", "Smith",  "Torres", "Tran",   "Walsh",    "Young"};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

SampleUser person(Random& random, std::size_t index, Time before) {
  const std::string_view first = random.pick(Names(first_names));
  const std::string_view last = random.pick(Names(last_names));
  SampleUser user{
      .user_id = random.uuid(),
      .email = fmt::format("{}.{}.{}@demo.example.org", lower(first), lower(last), index),
      .display_name =
          random.chance(0.4) ? fmt::format("{} {}.", first, last.front()) : fmt::format("{} {}", first, last),
      .password_hash = "!",
      .created_at = before - std::chrono::minutes{1 + static_cast<int>(random.unit() * 400 * 1440)}};
  return user;
}

}  // namespace

std::vector<SampleUser> people(Random& random, std::size_t count, Time before) {
  std::vector<SampleUser> users;
  for (std::size_t i = 0; i < count; ++i) users.push_back(person(random, i, before));
  if (!users.empty()) {
    users.front().email = demo_email;
    users.front().display_name = "Demo Walker";
  }
  return users;
}

}  // namespace diary::demo
