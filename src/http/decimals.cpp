// SPDX-License-Identifier: Apache-2.0
#include "http/decimals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace diary::http {
namespace {

constexpr std::size_t degree_digits = 7;
constexpr std::int64_t degree_unit = 10'000'000;

// The last digits of `number` into `text`, as many as it has room for.
template <std::size_t size>
void put_digits(std::array<char, size>& text, std::int64_t number) {
  for (std::size_t i = size; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string two_decimals(double number) {
  constexpr double most = 1e9;        // times 100, a double has five binary digits and more behind the point
  constexpr double least_off = 1e-4;  // from half a hundredth, so that the product's rounding decides nothing
  const double hundredths = number * 100;
  const double below = std::floor(hundredths);
  const double rest = hundredths - below;
  if (!(number >= 0 && number < most) || std::abs(rest - 0.5) < least_off || std::signbit(number))
    return fmt::format("{:.2f}", number);
  const auto rounded = static_cast<std::int64_t>(below) + (rest > 0.5 ? 1 : 0);
  std::array<char, 16> text{};
  char* const point = std::to_chars(text.data(), text.data() + text.size(), rounded / 100).ptr;
  point[0] = '.';
  point[1] = static_cast<char>('0' + rounded / 10 % 10);
  point[2] = static_cast<char>('0' + rounded % 10);
  return {text.data(), point + 3};
}

void append_degrees(std::string& out, double degrees) {
  const std::int64_t scaled = std::llround(degrees * degree_unit);
  const std::int64_t size = std::abs(scaled);
  std::array<char, 24> text{};
  char* end = text.data();
  if (scaled < 0) *end++ = '-';
  end = std::to_chars(end, text.data() + text.size(), size / degree_unit).ptr;
  if (const std::int64_t rest = size % degree_unit; rest != 0) {
    std::array<char, degree_digits> digits{};
    put_digits(digits, rest);
    std::size_t count = degree_digits;
    while (digits[count - 1] == '0') --count;
    *end++ = '.';
    end = std::copy_n(digits.begin(), count, end);
  }
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

}  // namespace diary::http
