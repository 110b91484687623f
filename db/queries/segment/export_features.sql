-- Up to $2 segments after id $1 in order of their ids, each as a GeoJSON Feature with its live score; of the box $3..$6
-- (west, south, east, north) alone when one is given.
SELECT s.segment_id,
       json_build_object(
         'type', 'Feature', 'id', s.segment_id, 'geometry', ST_AsGeoJSON(s.geometry, 7)::json,
         'properties', json_strip_nulls(json_build_object(
           'segment_id', s.segment_id, 'street', s.street, 'neighborhood', s.neighborhood,
           'length_m', trim_scale(s.length_m), 'access', s.access, 'decayed_mean', trim_scale(round(l.decayed_mean, 2)),
           'n_eff', trim_scale(round(l.n_eff, 2)), 'confidence', trim_scale(l.confidence),
           'top_tags', l.top_tags, 'delta_30d', trim_scale(round(l.delta_30d, 2)),
           'last_updated', to_char(GREATEST(s.updated_at, l.changed_at) AT TIME ZONE 'UTC',
                                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))))::text
FROM diary.segments s
JOIN analytics.segment_live l ON l.segment_id = s.segment_id
WHERE s.segment_id > $1
  AND ($3::float8 IS NULL OR ST_Intersects(s.geometry, ST_MakeEnvelope($3, $4::float8, $5::float8, $6::float8, 4326)))
ORDER BY s.segment_id LIMIT $2::int
