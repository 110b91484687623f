-- The view of specification 4.2 as it is printed there, under another name, for the comparison alone.
CREATE SCHEMA IF NOT EXISTS bench;
DROP MATERIALIZED VIEW IF EXISTS bench.specified_trend;
CREATE MATERIALIZED VIEW bench.specified_trend AS
WITH route_segments AS (
  SELECT r.route_id, r.route_name, UNNEST(r.segment_ids) AS segment_id FROM diary.routes r
),
daily_ratings AS (
  SELECT rs.route_id, rs.route_name, DATE(rat.submitted_at) AS date, AVG(rat.rating) AS mean_rating,
         STDDEV(rat.rating) AS std_dev, COUNT(*) AS n_samples
  FROM route_segments rs
  JOIN diary.ratings rat ON rs.segment_id = rat.segment_id
  WHERE rat.status = 'accepted' AND rat.submitted_at > NOW() - INTERVAL '180 days'
  GROUP BY rs.route_id, rs.route_name, DATE(rat.submitted_at)
),
daily_votes AS (
  SELECT rs.route_id, DATE(v.submitted_at) AS date, AVG(v.implicit_rating) AS mean_rating, COUNT(*) AS n_samples
  FROM route_segments rs
  JOIN diary.votes v ON rs.segment_id = v.segment_id
  WHERE v.submitted_at > NOW() - INTERVAL '180 days'
  GROUP BY rs.route_id, DATE(v.submitted_at)
),
combined AS (
  SELECT * FROM daily_ratings
  UNION ALL
  SELECT route_id, NULL AS route_name, date, mean_rating, 0 AS std_dev, n_samples FROM daily_votes
),
aggregated AS (
  SELECT route_id, MAX(route_name) AS route_name, date, AVG(mean_rating) AS mean_rating, AVG(std_dev) AS std_error,
         SUM(n_samples) AS n_samples
  FROM combined
  GROUP BY route_id, date
)
SELECT route_id, route_name, date, ROUND(CAST(mean_rating AS NUMERIC), 2) AS mean_rating,
       ROUND(CAST(std_error / SQRT(GREATEST(n_samples, 1)) AS NUMERIC), 2) AS std_error,
       n_samples, LEAST(1.0, n_samples / 10.0) AS confidence, NOW() AS computed_at
FROM aggregated
ORDER BY route_id, date;
