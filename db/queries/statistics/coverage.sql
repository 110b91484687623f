-- The cells of $5 metres in the box $1 to $4 (west, south, east, north) that hold segments. See db/objects/084_maps.sql.
SELECT x, y, trim_scale(round(center_lng::numeric, 7)) AS center_lng,
       trim_scale(round(center_lat::numeric, 7)) AS center_lat, trim_scale(mean_confidence) AS mean_confidence,
       segment_count, total_samples
FROM analytics.coverage($1::float8, $2::float8, $3::float8, $4::float8, $5::float8) ORDER BY y, x
