-- The same as export_features, a column for each member; the geometry as WKT, tags with a semicolon between them.
SELECT s.segment_id, s.street, s.neighborhood, trim_scale(s.length_m), trim_scale(round(l.decayed_mean, 2)),
       trim_scale(round(l.n_eff, 2)), trim_scale(l.confidence), array_to_string(l.top_tags, ';'),
       trim_scale(round(l.delta_30d, 2)),
       to_char(GREATEST(s.updated_at, l.changed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       s.access, ST_AsText(s.geometry, 7)
FROM diary.segments s
JOIN analytics.segment_live l ON l.segment_id = s.segment_id
WHERE s.segment_id > $1
  AND ($3::float8 IS NULL OR ST_Intersects(s.geometry, ST_MakeEnvelope($3, $4::float8, $5::float8, $6::float8, 4326)))
ORDER BY s.segment_id LIMIT $2::int
