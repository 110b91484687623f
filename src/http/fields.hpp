// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the members of a JSON body one by one and gathers every complaint, so that the answer names all wrong
// fields at once. What was not asked for is refused by name at the end.

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/segment.hpp"

namespace diary::http {

// An object, or why not: Errc::malformed with the byte offset for what is no JSON, validation for another
// type.
[[nodiscard]] Result<boost::json::object> parse_object(const std::string& body);

// Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t count_chars(std::string_view utf8);

class Fields {
 public:
  // `prefix` stands before the names in complaints ("metadata.").
  explicit Fields(const boost::json::object& object, std::string prefix = {})
      : object_(object), prefix_(std::move(prefix)) {}

  // Each returns nothing when the member is absent or wrong; wrong ones are noted. null counts as absent.
  std::optional<std::string> text(std::string_view name, std::size_t min_chars, std::size_t max_chars);
  // What is never sent back: judged by its bytes, any but NUL.
  std::optional<std::string> secret(std::string_view name, std::size_t min_bytes, std::size_t max_bytes);
  std::optional<int> integer(std::string_view name, int low, int high);
  std::optional<double> real(std::string_view name, double low, double high);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::string> one_of(std::string_view name, const std::vector<std::string>& words);
  std::optional<Uuid> uuid(std::string_view name);
  std::optional<Time> time(std::string_view name);
  std::optional<LngLat> position(std::string_view name);
  const boost::json::array* array(std::string_view name, std::size_t max_items);
  const boost::json::object* object(std::string_view name);

  // Whether the member is there and null: what an update clears.
  [[nodiscard]] bool clears(std::string_view name);
  // Notes a complaint when the member is absent.
  void require(std::string_view name);
  void complain(std::string_view name, std::string message);
  void take(std::vector<FieldError> others);  // of a member that is an object itself

  // The complaints, unknown members included.
  [[nodiscard]] std::vector<FieldError> finish();

 private:
  const boost::json::value* find(std::string_view name);

  const boost::json::object& object_;
  std::string prefix_;
  std::set<std::string, std::less<>> known_;
  std::vector<FieldError> errors_;
};

// The complaints as one validation error: the first hundred, and how many more there are.
[[nodiscard]] Error validation_error(std::vector<FieldError> fields);

}  // namespace diary::http
