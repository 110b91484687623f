// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <cctype>
#include <cerrno>
#include <system_error>

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

// The system's randomness by the half kilobyte: a call of the kernel for each UUID costs more than all the
// rest of it. Nobody sees what is left over.
class Randomness {
 public:
  void fill(std::array<std::uint8_t, 16>& into) {
    if (used_ == bytes_.size()) refill();
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used_), into.size(), into.begin());
    used_ += into.size();
  }

 private:
  void refill() {
    for (std::size_t at = 0; at < bytes_.size();) {
      const ssize_t n = getrandom(bytes_.data() + at, bytes_.size() - at, 0);
      if (n < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
      if (n > 0) at += static_cast<std::size_t>(n);
    }
    used_ = 0;
  }
  std::array<std::uint8_t, 512> bytes_{};
  std::size_t used_ = bytes_.size();
};

Uuid from_boost(const boost::uuids::uuid& value) {
  Uuid id;
  std::ranges::copy(value, id.bytes.begin());
  return id;
}

}  // namespace

Uuid Uuid::random() {
  static thread_local Randomness randomness;
  Uuid id;
  randomness.fill(id.bytes);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);  // RFC 9562: version 4,
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);  // variant 1
  return id;
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
