-- The view of specification 4.1 as it is printed there, under another name, for the comparison alone. Nothing had to
-- be changed to make it run. Its correlated subqueries read all samples anew for each segment.
CREATE SCHEMA IF NOT EXISTS bench;
DROP MATERIALIZED VIEW IF EXISTS bench.specified_aggregates;
CREATE MATERIALIZED VIEW bench.specified_aggregates AS
WITH combined_ratings AS (
  SELECT segment_id, rating AS value, submitted_at, tags FROM diary.ratings WHERE status = 'accepted'
  UNION ALL
  SELECT segment_id, implicit_rating AS value, submitted_at, '{}' AS tags FROM diary.votes
),
time_weighted AS (
  SELECT segment_id, value, tags, submitted_at,
         POWER(2, -EXTRACT(EPOCH FROM (NOW() - submitted_at)) / (21 * 86400.0)) AS weight
  FROM combined_ratings
  WHERE submitted_at > NOW() - INTERVAL '180 days'
),
aggregated AS (
  SELECT segment_id, SUM(value * weight) / NULLIF(SUM(weight), 0) AS observed_mean, SUM(weight) AS n_eff,
         COUNT(*) AS n_samples
  FROM time_weighted
  GROUP BY segment_id
),
bayesian AS (
  SELECT segment_id, (3.0 * 5 + COALESCE(observed_mean, 3.0) * n_eff) / (5 + n_eff) AS decayed_mean,
         COALESCE(n_eff, 0) AS n_eff, n_samples
  FROM aggregated
),
top_tags AS (
  SELECT segment_id,
         ARRAY(
           SELECT tag
           FROM (SELECT UNNEST(tags) AS tag FROM time_weighted t
                 WHERE t.segment_id = tw.segment_id AND ARRAY_LENGTH(tags, 1) > 0) sub
           GROUP BY tag ORDER BY COUNT(*) DESC LIMIT 5
         ) AS top_tags
  FROM time_weighted tw
  GROUP BY segment_id
),
trend AS (
  SELECT segment_id,
         COALESCE((SELECT AVG(value) FROM time_weighted t
                   WHERE t.segment_id = tw.segment_id AND submitted_at > NOW() - INTERVAL '30 days'), 3.0)
         - COALESCE((SELECT AVG(value) FROM time_weighted t
                     WHERE t.segment_id = tw.segment_id
                       AND submitted_at BETWEEN NOW() - INTERVAL '60 days' AND NOW() - INTERVAL '30 days'), 3.0)
         AS delta_30d
  FROM time_weighted tw
  GROUP BY segment_id
)
SELECT s.segment_id, s.street, s.neighborhood, s.length_m, s.geometry,
       ROUND(CAST(COALESCE(b.decayed_mean, 3.0) AS NUMERIC), 2) AS decayed_mean,
       ROUND(CAST(COALESCE(b.n_eff, 0) AS NUMERIC), 2) AS n_eff,
       COALESCE(t.top_tags, '{}') AS top_tags,
       ROUND(CAST(COALESCE(tr.delta_30d, 0) AS NUMERIC), 2) AS delta_30d,
       NOW() AS computed_at
FROM diary.segments s
LEFT JOIN bayesian b USING (segment_id)
LEFT JOIN top_tags t USING (segment_id)
LEFT JOIN trend tr USING (segment_id);
