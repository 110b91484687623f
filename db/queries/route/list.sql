-- Routes that app.user_id may see, newest first. $1..$4 west, south, east, north; $5 a segment that they or their
-- alternative use; $6 rows wanted plus one, to know whether a page follows; $7, $8 created_at and route_id of the last
-- row before. A page also ends when its routes have $9 segments, for each may have thousands. The last column: how
-- many rows there were to choose from.
-- Run with plan_cache_mode = force_custom_plan, so that absent filters vanish from the plan.
WITH candidate AS MATERIALIZED (
  SELECT r.route_id, r.created_at, cardinality(r.segment_ids) + COALESCE(cardinality(r.alt_segment_ids), 0) AS segments
  FROM diary.routes r
  WHERE ($1::float8 IS NULL OR ST_Intersects(r.geometry, ST_MakeEnvelope($1, $2::float8, $3::float8, $4::float8, 4326)))
    AND ($5::text IS NULL OR $5 = ANY (r.segment_ids) OR $5 = ANY (r.alt_segment_ids))
    AND ($7::timestamptz IS NULL OR (r.created_at, r.route_id) < ($7, $8::uuid))
  ORDER BY r.created_at DESC, r.route_id DESC LIMIT $6::int
), page AS (
  SELECT route_id, sum(segments) OVER (ORDER BY created_at DESC, route_id DESC) - segments AS segments_before
  FROM candidate
)
SELECT r.route_id, r.route_name, array_to_json(r.segment_ids), ST_AsGeoJSON(r.geometry, 7), trim_scale(r.length_m),
       trim_scale(r.duration_min), trim_scale(r.avg_safety), trim_scale(diary.route_safety(r.segment_ids)),
       array_to_json(r.alt_segment_ids), ST_AsGeoJSON(r.alt_geometry, 7), trim_scale(r.alt_length_m),
       trim_scale(r.alt_duration_min), trim_scale(r.alt_avg_safety), trim_scale(diary.route_safety(r.alt_segment_ids)),
       r.is_public, COALESCE(r.user_id = auth.current_user_id(), false),
       (extract(epoch FROM r.created_at) * 1000000)::bigint, (extract(epoch FROM r.updated_at) * 1000000)::bigint,
       (SELECT count(*) FROM candidate)
FROM page p JOIN diary.routes r ON r.route_id = p.route_id
WHERE p.segments_before < $9::int
ORDER BY r.created_at DESC, r.route_id DESC
