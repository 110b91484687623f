// SPDX-License-Identifier: Apache-2.0
#include "store/explanation_store.hpp"

#include <boost/json/parse.hpp>

#include "sql/queries.hpp"
#include "store/decode.hpp"

namespace diary {
namespace {

AgeBucket bucket_of(const pg::Rows& rows, int row) {
  return {.from_days = rows.integer(row, 1),
          .to_days = rows.integer(row, 2),
          .count = rows.integer(row, 3),
          .mean_value = rows.opt(row, 4),
          .weight = rows.str(row, 5),
          .weighted_sum = rows.str(row, 6),
          .part = rows.str(row, 7)};
}

// What stands alike in every row.
Explanation totals_of(const pg::Rows& rows) {
  return {.segment_id = {},
          .at = decode_time(rows, 0, 8),
          .decayed_mean = rows.str(0, 9),
          .n_eff = rows.str(0, 10),
          .confidence = rows.str(0, 11),
          .n_samples = rows.integer(0, 12),
          .kish_n = rows.opt(0, 13),
          .sum_of_weights = rows.str(0, 14),
          .weighted_sum = rows.str(0, 15),
          .prior_part = rows.str(0, 16),
          .ratings = {},
          .votes = {},
          .agree = rows.integer(0, 17),
          .safer = rows.integer(0, 18),
          .mean_without_votes = rows.str(0, 19),
          .delta_30d = rows.str(0, 20),
          .recent = {rows.integer(0, 21), rows.opt(0, 22)},
          .older = {rows.integer(0, 23), rows.opt(0, 24)},
          .tags = {},
          .interval = interval_95(rows.real(0, 25), {rows.real(0, 26), rows.real(0, 27), rows.real(0, 28)})};
}

}  // namespace

std::optional<Explanation> ExplanationStore::find(const std::string& segment_id,
                                                  const std::optional<Time>& at) {
  const auto rows = connection_.run(sql::statistics::explain,
                                    {segment_id, at ? std::optional(to_rfc3339(*at)) : std::nullopt});
  if (rows.empty()) return std::nullopt;
  Explanation found = totals_of(rows);
  found.segment_id = segment_id;
  for (int i = 0; i < rows.size(); ++i)
    (rows.text(i, 0) == "vote" ? found.votes : found.ratings).push_back(bucket_of(rows, i));
  const auto tags = boost::json::parse(rows.text(0, 29));
  for (const auto& tag : tags.as_array())
    found.tags.emplace_back(tag.at(0).as_string(), tag.at(1).to_number<std::int64_t>());
  return found;
}

}  // namespace diary
