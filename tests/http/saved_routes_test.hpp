// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of saved routes share: streets in a row and routes over them.

#include <vector>

#include "http/api_test.hpp"

namespace diary::http::test {

inline constexpr const char* saved_routes = "/api/v1/diary/routes";

// A street between two places.
inline std::string street(double from_lng, double from_lat, double to_lng, double to_lat,
                          double length_m = 70) {
  std::string id = "seg_" + Uuid::random().text();
  world().owner.exec(
      "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ($1, 'Row', $2, "
      "ST_SetSRID(ST_MakeLine(ST_MakePoint($3, $4), ST_MakePoint($5, $6)), 4326))",
      {id, length_m, from_lng, from_lat, to_lng, to_lat});
  return id;
}

// Streets of 0.001 degrees each, eastwards from (lng, lat), as (from, to) in turns: every other one was drawn
// westwards.
inline std::vector<std::string> street_row(std::size_t count, double lng = 10, double lat = 50) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    const double west = lng + static_cast<double>(i) * 0.001;
    ids.push_back(i % 2 == 0 ? street(west, lat, west + 0.001, lat) : street(west + 0.001, lat, west, lat));
  }
  return ids;
}

inline json::array to_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

inline json::object route_over(const std::vector<std::string>& ids, bool is_public = false) {
  return {{"route_name", "To work"}, {"segment_ids", to_array(ids)}, {"is_public", is_public}};
}

inline Answer send_json(HttpClient& client, const std::string& method, const std::string& target,
                        const json::value& body) {
  return client.send(method, target, json::serialize(body), {{"Content-Type", "application/json"}});
}

inline std::string one_route(const std::string& id) {
  return std::string(saved_routes) + "/" + id;
}

// Saves it and returns its id.
inline std::string saved(HttpClient& client, const json::object& body) {
  const auto answer = client.post(saved_routes, body);
  if (answer.status != 201) throw std::runtime_error("saving: " + answer.body);
  return text_of(answer.json().at("route_id"));
}

}  // namespace diary::http::test
