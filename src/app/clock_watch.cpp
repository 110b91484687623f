// SPDX-License-Identifier: Apache-2.0
#include "app/clock_watch.hpp"

#include <fmt/format.h>
#include <time.h>

namespace diary {
namespace {

std::string difference(ClockWatch::Duration ahead, const std::string& of) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(ahead)).count();
  return fmt::format("the database's clock is {} s {} {}", seconds, ahead.count() < 0 ? "behind" : "ahead of",
                     of);
}

}  // namespace

std::optional<std::string> ClockWatch::doubt(const Look& look) {
  const Duration ahead = look.database - look.machine;
  const bool agrees = std::chrono::abs(ahead) <= tolerance;
  if (look.waited > tolerance) believe_from_ = look.running + recovery;
  const Duration jump =
      since_ ? look.database - since_->database - (look.running - since_->running) : Duration::zero();
  std::optional<std::string> why;
  if (!since_ && !agrees)
    why = difference(ahead, "this machine's");
  else if (std::chrono::abs(jump) > tolerance)
    why = difference(jump, "where it should be by its last commits");
  else if (look.running < believe_from_)
    why = fmt::format("this machine stood still for {} s",
                      std::chrono::duration_cast<std::chrono::seconds>(look.waited).count());
  if (why) {
    if (!doubted_at_) doubted_at_ = look.running;
    if (!agrees || look.running < believe_from_ || look.running - *doubted_at_ < patience) return why;
    since_.reset();  // set right, rather than wrong: both say so
  }
  doubted_at_.reset();
  if (!since_ || look.running - since_->running >= memory) since_ = look;
  return std::nullopt;
}

ClockWatch::Duration running_time() {
  timespec at{};
  clock_gettime(CLOCK_BOOTTIME, &at);
  return std::chrono::duration_cast<ClockWatch::Duration>(std::chrono::seconds{at.tv_sec} +
                                                          std::chrono::nanoseconds{at.tv_nsec});
}

}  // namespace diary
