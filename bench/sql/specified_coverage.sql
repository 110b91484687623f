-- The view of specification 4.3 as it is printed there, under another name, for the comparison alone.
CREATE SCHEMA IF NOT EXISTS bench;
DROP MATERIALIZED VIEW IF EXISTS bench.specified_coverage;
CREATE MATERIALIZED VIEW bench.specified_coverage AS
WITH grid AS (
  SELECT x, y,
         ST_MakeEnvelope(-75.20 + (x * 0.0005), 39.90 + (y * 0.0005),
                         -75.20 + ((x + 1) * 0.0005), 39.90 + ((y + 1) * 0.0005), 4326) AS cell_geom
  FROM generate_series(0, 199) AS x
  CROSS JOIN generate_series(0, 199) AS y
),
cell_segments AS (
  SELECT g.x, g.y, ST_Centroid(g.cell_geom) AS center, COUNT(s.segment_id) AS segment_count,
         AVG(s.n_eff) AS mean_n_eff
  FROM grid g
  LEFT JOIN analytics.segment_aggregates s ON ST_Intersects(g.cell_geom, s.geometry)
  GROUP BY g.x, g.y, g.cell_geom
)
SELECT x, y, ST_X(center) AS center_lng, ST_Y(center) AS center_lat,
       ROUND(CAST(LEAST(1.0, mean_n_eff / 10.0) AS NUMERIC), 2) AS mean_confidence, segment_count,
       ROUND(CAST(mean_n_eff AS NUMERIC), 2) AS total_samples, NOW() AS computed_at
FROM cell_segments;
