-- Segments of a box (all when $1 is NULL) with their live scores. $1..$4 west, south, east, north; $5 least
-- confidence; $6 changed after; $7 rows wanted plus one, to know whether a page follows; $8 offset; $9 after this id.
-- Ids in the order of their bytes, as src/snapshot has them.
-- The page is cut before any score is computed. Always one row at least: the total stands in it.
-- Run with plan_cache_mode = force_custom_plan, so that absent filters vanish from the plan.
WITH matched AS MATERIALIZED (
  SELECT s.segment_id
  FROM diary.segments s
  JOIN analytics.segment_state st ON st.segment_id = s.segment_id
  WHERE ($1::float8 IS NULL OR ST_Intersects(s.geometry, ST_MakeEnvelope($1, $2::float8, $3::float8, $4::float8, 4326)))
    AND ($5::numeric IS NULL OR $5 <= (SELECT l.confidence FROM analytics.segment_live l WHERE l.segment_id = s.segment_id))
    AND ($6::timestamptz IS NULL OR st.changed_at > $6)
), page AS (
  SELECT segment_id FROM matched WHERE $9::text IS NULL OR segment_id > $9 COLLATE "C"
  ORDER BY segment_id COLLATE "C" LIMIT $7::int OFFSET $8::bigint
), found AS (
  SELECT s.segment_id, s.street, s.neighborhood, trim_scale(s.length_m) AS length_m,
         ST_AsGeoJSON(s.geometry, 7) AS geometry,
         trim_scale(round(l.decayed_mean, 2)) AS decayed_mean, trim_scale(round(l.n_eff, 2)) AS n_eff,
         trim_scale(l.confidence) AS confidence, array_to_json(l.top_tags) AS top_tags,
         trim_scale(round(l.delta_30d, 2)) AS delta_30d,
         (extract(epoch FROM l.changed_at) * 1000000)::bigint AS last_updated_us
  FROM page p
  JOIN diary.segments s ON s.segment_id = p.segment_id
  JOIN LATERAL (SELECT * FROM analytics.segment_live v WHERE v.segment_id = p.segment_id) l ON true
)
SELECT (SELECT count(*) FROM matched) AS total, f.*
FROM (SELECT) one LEFT JOIN found f ON true
ORDER BY f.segment_id COLLATE "C"
