// SPDX-License-Identifier: Apache-2.0
#include "domain/interval.hpp"

#include <algorithm>
#include <cmath>

namespace diary {
namespace {

// The regularized incomplete beta function by its continued fraction (Lentz); quick where x < (a+1)/(a+b+2).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  const double log_front = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) +
                           b * std::log1p(-x) - std::log(a);
  double c = 1;
  double d = 1 / std::max(tiny, 1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (const double term : {even, odd}) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      step = c * d;
      fraction *= step;
    }
    if (std::abs(step - 1) < 1e-15) break;
  }
  return std::exp(log_front) * fraction;
}

double incomplete_beta(double a, double b, double x) {
  return x < (a + 1) / (a + b + 2) ? beta_fraction(a, b, x) : 1 - beta_fraction(b, a, 1 - x);
}

// P(T > t), t > 0.
double student_tail(double t, double freedom) {
  return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
}

}  // namespace

double student_quantile(double probability, double freedom) {
  const double tail = 1 - probability;
  double low = 0;
  double high = 1;
  while (student_tail(high, freedom) > tail) high *= 2;
  while (high - low > 1e-11 * high) {
    const double middle = (low + high) / 2;
    (student_tail(middle, freedom) > tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval interval_95(double score, const RatingSums& ratings) {
  const double spread = ratings.weighted_sq - 2 * score * ratings.weighted + score * score * ratings.weight +
                        prior::weight * (score - prior::mean) * (score - prior::mean);
  const double freedom = prior::freedom + ratings.weight;
  const double variance = (prior::freedom * prior::variance + std::max(spread, 0.0)) / freedom;
  const double error = std::sqrt(variance / (prior::weight + ratings.weight));
  const double reach = student_quantile(0.975, freedom) * error;
  return {std::max(1.0, score - reach), std::min(5.0, score + reach), error, freedom};
}

}  // namespace diary
