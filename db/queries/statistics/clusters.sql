-- Up to $5 clusters of the rated segments in the box $1 to $4 (west, south, east, north), the heaviest first.
SELECT trim_scale(round(center_lng::numeric, 7)) AS center_lng, trim_scale(round(center_lat::numeric, 7)) AS center_lat,
       segment_count, trim_scale(mean_score) AS mean_score, trim_scale(total_confidence) AS total_confidence
FROM analytics.clusters($5::int, $1::float8, $2::float8, $3::float8, $4::float8) ORDER BY cluster
