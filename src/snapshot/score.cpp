// SPDX-License-Identifier: Apache-2.0
#include "snapshot/score.hpp"

#include <algorithm>
#include <cmath>

namespace diary::snapshot {
namespace {

constexpr Time landmark{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
constexpr double half_life_s = 1814400;
constexpr std::int64_t mean_unit = 1'000'000'000'000'000;  // the view's 15 and 11 decimals
constexpr std::int64_t n_eff_unit = 100'000'000'000;

// Half away from zero; for what is not negative.
std::int64_t to_hundredths(double value, std::int64_t unit) {
  const std::int64_t exact = std::llrint(value * static_cast<double>(unit));
  return (exact + unit / 200) / (unit / 100);
}

// When the decay has fallen to `decay`; for ever when that is not still to come.
Time when(double decay) {
  if (!(decay > 0) || !std::isfinite(decay)) return Time::max();
  const double seconds = -std::log2(decay) * half_life_s;
  constexpr double far = 100.0 * 366 * 86400;  // of years: doubles end before
  if (seconds > far) return Time::max();
  return landmark + std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)};
}

}  // namespace

double decay_at(Time at) {
  const auto age = static_cast<double>((at - landmark).count()) / 1e6;
  return std::pow(2.0, -age / half_life_s);
}

Score score(double w, double s, double decay) {
  Score made;
  const double n = w * decay;
  made.mean = to_hundredths(snapshot::mean(w, s, decay), mean_unit);
  made.n_eff = to_hundredths(n, n_eff_unit);
  made.confidence = n >= 10 ? 100 : (made.n_eff + 5) / 10;
  return made;
}

// n_eff only falls; the mean only moves towards 3, from whichever side. Each number changes at the next half
// hundredth that it comes to.
Time score_ends(double w, double s, const Score& shown) {
  Time ends = Time::max();
  if (shown.n_eff > 0) ends = when((static_cast<double>(shown.n_eff) - 0.5) / 100 / w);
  const bool falls = s > 3 * w;
  const double edge = (static_cast<double>(shown.mean) + (falls ? -0.5 : 0.5)) / 100;
  if (falls ? edge > 3 : edge < 3) ends = std::min(ends, when((5 * edge - 15) / (s - edge * w)));
  return ends == Time::max() ? ends : ends - std::chrono::milliseconds{1};
}

void append_hundredths(std::string& out, std::int64_t hundredths) {
  if (hundredths < 0) out += '-';
  const std::int64_t size = std::abs(hundredths);
  out += std::to_string(size / 100);
  const auto rest = static_cast<int>(size % 100);
  if (rest == 0) return;
  out += '.';
  out += static_cast<char>('0' + rest / 10);
  if (rest % 10 != 0) out += static_cast<char>('0' + rest % 10);
}

std::int64_t confidence_from(double least) {
  auto hundredths = static_cast<std::int64_t>(std::ceil(least * 100));
  // The product may have been rounded past a whole number; these quotients are the decimals' own doubles.
  while (hundredths > 0 && static_cast<double>(hundredths - 1) / 100 >= least) --hundredths;
  while (static_cast<double>(hundredths) / 100 < least) ++hundredths;
  return hundredths;
}

}  // namespace diary::snapshot
