// SPDX-License-Identifier: Apache-2.0
#include "store/binary_rows.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace diary {
namespace {

static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(LngLat) == 2 * sizeof(double));

constexpr std::int32_t null_length = -1;
constexpr std::int16_t no_more_rows = -1;

}  // namespace

// The format's numbers are big-endian.
template <class Number>
void BinaryRows::append(Number value) {
  auto bytes = std::bit_cast<std::array<char, sizeof value>>(value);
  out_.append(bytes.rbegin(), bytes.rend());
}

void BinaryRows::begin() {
  out_.append("PGCOPY\n\377\r\n\0", 11);
  append(std::int32_t{0});  // flags
  append(std::int32_t{0});  // length of the header's extension
}

void BinaryRows::row(std::int16_t fields) {
  append(fields);
}

void BinaryRows::null() {
  append(null_length);
}

void BinaryRows::text(std::string_view value) {
  append(static_cast<std::int32_t>(value.size()));
  out_ += value;
}

void BinaryRows::int2(std::int16_t value) {
  append(static_cast<std::int32_t>(sizeof value));
  append(value);
}

void BinaryRows::int8(std::int64_t value) {
  append(static_cast<std::int32_t>(sizeof value));
  append(value);
}

// Digits to the base 10000: how many, the first one's power of the base, the sign, the decimals that are
// shown.
void BinaryRows::numeric(double value) {
  if (!(value >= 0 && value < 1e15)) throw std::logic_error("a number of metres that no street has");
  std::array<char, 32> text{};
  const char* const end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  std::int64_t whole = 0;
  const char* const point = std::from_chars(text.data(), end, whole).ptr;
  std::array<std::int16_t, 5> digits{};
  auto first = digits.end() - 1;
  *first = static_cast<std::int16_t>(((point[1] - '0') * 10 + (point[2] - '0')) * 100);
  std::int16_t weight = -1;
  for (; whole > 0; whole /= 10'000, ++weight) *--first = static_cast<std::int16_t>(whole % 10'000);
  const auto count = static_cast<std::int16_t>(digits.end() - first);
  append(static_cast<std::int32_t>(8 + 2 * count));
  append(count);
  append(weight);
  append(std::int16_t{0});
  append(std::int16_t{2});
  for (; first != digits.end(); ++first) append(*first);
}

// As extended well-known binary, which may have the machine's own byte order.
void BinaryRows::line(const std::vector<LngLat>& line) {
  constexpr std::string_view header("\x01\x02\x00\x00\x20\xE6\x10\x00\x00",
                                    9);  // LineString with an SRID, 4326
  const auto count = static_cast<std::uint32_t>(line.size());
  append(static_cast<std::int32_t>(header.size() + sizeof count + line.size() * sizeof(LngLat)));
  out_ += header;
  out_.append(reinterpret_cast<const char*>(&count), sizeof count);
  out_.append(reinterpret_cast<const char*>(line.data()), line.size() * sizeof(LngLat));
}

void BinaryRows::end() {
  append(no_more_rows);
}

}  // namespace diary
