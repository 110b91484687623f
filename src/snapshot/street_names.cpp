// SPDX-License-Identifier: Apache-2.0
#include "snapshot/street_names.hpp"

namespace diary::snapshot {

StreetNames::Number StreetNames::add(const std::string& name, std::int32_t length_cm) {
  auto found = numbers_.find(name);
  if (found == numbers_.end()) {
    auto number = static_cast<Number>(streets_.size());
    if (free_.empty()) {
      streets_.emplace_back();
    } else {
      number = free_.back();
      free_.pop_back();
    }
    streets_[number] = {name, 0, 0, !name.starts_with("(unnamed")};
    found = numbers_.emplace(name, number).first;
  }
  Street& street = streets_[found->second];
  street.length_cm += length_cm;
  ++street.segments;
  return found->second;
}

void StreetNames::remove(Number number, std::int32_t length_cm) {
  Street& street = streets_[number];
  street.length_cm -= length_cm;
  if (--street.segments > 0) return;
  numbers_.erase(street.name);
  street = {};
  free_.push_back(number);
}

}  // namespace diary::snapshot
