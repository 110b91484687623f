-- The three reports of specification 4, set-based, with the corrected statistics. Days are 24 hours ('4320 hours',
-- not '180 days', which follows daylight saving).

CREATE MATERIALIZED VIEW analytics.segment_aggregates AS
WITH time_weighted AS MATERIALIZED (
  SELECT segment_id, value, tags, submitted_at,
         power(2.0::float8, -date_part('epoch', now() - submitted_at) / 1814400.0) AS weight
  FROM (SELECT segment_id, rating::numeric AS value, submitted_at, tags
        FROM diary.ratings WHERE status = 'accepted'
        UNION ALL
        SELECT segment_id, implicit_rating, submitted_at, '{}'::text[] FROM diary.votes) u
  WHERE submitted_at > now() - INTERVAL '4320 hours'
), aggregated AS (
  SELECT segment_id,
         sum(value::float8 * weight) AS weighted_sum, sum(weight) AS n_eff, count(*) AS n_samples,
         avg(value) FILTER (WHERE submitted_at > now() - INTERVAL '720 hours') AS recent,
         avg(value) FILTER (WHERE submitted_at BETWEEN now() - INTERVAL '1440 hours'
                                                   AND now() - INTERVAL '720 hours') AS older
  FROM time_weighted GROUP BY segment_id
), top_tags AS (
  SELECT segment_id, (array_agg(tag ORDER BY uses DESC, tag COLLATE "C"))[1:5] AS top_tags
  FROM (SELECT segment_id, tag, count(*) AS uses   -- once per rating, however often it names the tag
        FROM time_weighted, LATERAL (SELECT DISTINCT unnest(tags) AS tag) t
        GROUP BY segment_id, tag) counted
  GROUP BY segment_id
)
SELECT s.segment_id, s.street, s.neighborhood, s.length_m, s.geometry,
       round(((15 + COALESCE(a.weighted_sum, 0)) / (5 + COALESCE(a.n_eff, 0)))::numeric, 2) AS decayed_mean,
       round(COALESCE(a.n_eff, 0)::numeric, 2) AS n_eff,
       COALESCE(t.top_tags, '{}') AS top_tags,
       round(COALESCE(a.recent, 3.0) - COALESCE(a.older, 3.0), 2) AS delta_30d,
       now() AS computed_at,
       round(LEAST(1.0, round(COALESCE(a.n_eff, 0)::numeric, 2) / 10.0), 2) AS confidence,
       COALESCE(a.n_samples, 0) AS n_samples
FROM diary.segments s
LEFT JOIN aggregated a USING (segment_id)
LEFT JOIN top_tags t USING (segment_id);
CREATE UNIQUE INDEX idx_segment_agg_id ON analytics.segment_aggregates (segment_id);
CREATE INDEX idx_segment_agg_geometry ON analytics.segment_aggregates USING GIST (geometry);
CREATE INDEX idx_segment_agg_confidence ON analytics.segment_aggregates ((LEAST(1.0, n_eff / 10.0)))
  WHERE (n_eff / 10.0) >= 0.5;

-- Row security binds the owner too, and would hide private routes from the report. Inside this function, and only
-- there, the policy routes_report of objects/security.sql lets the owner read them all.
CREATE FUNCTION analytics.route_members()
RETURNS TABLE (route_id uuid, route_name varchar, segment_id varchar)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM set_config('diary.reporting', 'on', true);   -- a SET clause for a name of our own needs a superuser
  RETURN QUERY SELECT DISTINCT r.route_id, r.route_name, m.segment_id
  FROM diary.routes r JOIN diary.route_segments m ON m.route_id = r.route_id AND NOT m.is_alt;
  PERFORM set_config('diary.reporting', '', true);
END $$;
REVOKE ALL ON FUNCTION analytics.route_members() FROM PUBLIC;

CREATE MATERIALIZED VIEW analytics.trend_daily AS
WITH sample AS (
  SELECT segment_id, rating::numeric AS value, submitted_at FROM diary.ratings
  WHERE status = 'accepted' AND submitted_at > now() - INTERVAL '4320 hours'
  UNION ALL
  SELECT segment_id, implicit_rating, submitted_at FROM diary.votes
  WHERE submitted_at > now() - INTERVAL '4320 hours'
), segment_day AS (
  SELECT segment_id, (submitted_at AT TIME ZONE (SELECT time_zone FROM diary.city))::date AS date,
         count(*) AS n, sum(value) AS total, sum(value * value) AS squares
  FROM sample GROUP BY 1, 2
), route_day AS (
  SELECT m.route_id, max(m.route_name) AS route_name, d.date,
         sum(d.n) AS n, sum(d.total) AS total, sum(d.squares) AS squares
  FROM analytics.route_members() m JOIN segment_day d USING (segment_id)
  GROUP BY m.route_id, d.date
)
SELECT route_id, route_name, date,
       round(total / n, 2) AS mean_rating,
       -- s / sqrt(n) of the day's pooled samples; one sample has no standard error
       CASE WHEN n > 1 THEN round(sqrt(GREATEST(squares - total * total / n, 0) / (n - 1) / n), 2) END AS std_error,
       n::bigint AS n_samples,
       round(LEAST(1.0, n / 10.0), 2) AS confidence,
       now() AS computed_at
FROM route_day
ORDER BY route_id, date;
CREATE UNIQUE INDEX idx_trend_daily_route ON analytics.trend_daily (route_id, date DESC);
CREATE INDEX idx_trend_daily_date ON analytics.trend_daily (date DESC);

-- The fixed grid of the specification: 200 x 200 cells of 0.0005 degrees over Philadelphia.
CREATE MATERIALIZED VIEW analytics.coverage_grid AS
WITH segment AS (
  SELECT segment_id, geometry, n_samples, n_eff,
         floor((ST_X(middle) + 75.20) / 0.0005)::int AS home_x, floor((ST_Y(middle) - 39.90) / 0.0005)::int AS home_y
  FROM (SELECT *, ST_LineInterpolatePoint(geometry, 0.5) AS middle FROM analytics.segment_aggregates
        WHERE geometry && ST_MakeEnvelope(-75.20, 39.90, -75.10, 40.00, 4326)) m
), crossed AS (   -- only the cells under a segment's box are tried, then the exact test
  SELECT x, y, s.n_samples, s.n_eff, (x = s.home_x AND y = s.home_y) AS home
  FROM segment s,
    generate_series(GREATEST(0, floor((ST_XMin(geometry) + 75.20) / 0.0005)::int),
                    LEAST(199, floor((ST_XMax(geometry) + 75.20) / 0.0005)::int)) x,
    generate_series(GREATEST(0, floor((ST_YMin(geometry) - 39.90) / 0.0005)::int),
                    LEAST(199, floor((ST_YMax(geometry) - 39.90) / 0.0005)::int)) y
  WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.20 + x * 0.0005, 39.90 + y * 0.0005,
                                                -75.20 + (x + 1) * 0.0005, 39.90 + (y + 1) * 0.0005, 4326))
), cell AS (
  SELECT x, y, count(*) AS segment_count, avg(LEAST(1.0, n_eff / 10.0)) AS mean_confidence,
         sum(n_samples) FILTER (WHERE home) AS total_samples   -- each segment's samples in one cell only
  FROM crossed GROUP BY x, y
)
SELECT x, y,
       (-75.20 + (x + 0.5) * 0.0005)::float8 AS center_lng, (39.90 + (y + 0.5) * 0.0005)::float8 AS center_lat,
       round(COALESCE(mean_confidence, 0), 2) AS mean_confidence,
       COALESCE(segment_count, 0) AS segment_count,
       COALESCE(total_samples, 0)::bigint AS total_samples,
       now() AS computed_at
FROM generate_series(0, 199) x CROSS JOIN generate_series(0, 199) y LEFT JOIN cell USING (x, y);
CREATE UNIQUE INDEX idx_coverage_grid_xy ON analytics.coverage_grid (x, y);
CREATE INDEX idx_coverage_grid_confidence ON analytics.coverage_grid (mean_confidence);

CREATE TABLE analytics.refresh_log (
  view_name text PRIMARY KEY,
  computed_at timestamptz NOT NULL,
  took interval NOT NULL
);
