// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <cctype>

namespace diary {
namespace {

// The string generator also takes braces and text without dashes; the canonical form is checked first.
bool is_canonical(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

Uuid from_boost(const boost::uuids::uuid& value) {
  Uuid id;
  std::ranges::copy(value, id.bytes.begin());
  return id;
}

}  // namespace

Uuid Uuid::random() {
  static thread_local boost::uuids::random_generator generate;
  return from_boost(generate());
}

Uuid Uuid::derived(const Uuid& space, std::string_view name) {
  boost::uuids::uuid value{};
  std::ranges::copy(space.bytes, value.begin());
  return from_boost(boost::uuids::name_generator_sha1(value)(name.data(), name.size()));
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (!is_canonical(text)) return std::nullopt;
  return from_boost(boost::uuids::string_generator{}(text.begin(), text.end()));
}

std::string Uuid::text() const {
  boost::uuids::uuid value{};
  std::ranges::copy(bytes, value.begin());
  return boost::uuids::to_string(value);
}

}  // namespace diary
