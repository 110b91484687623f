-- Criterion 3: spatial queries use the GiST indexes. On a table of a few pages the planner is right to scan all of it:
-- then the plan is asked for again without sequential scans, and the evidence says so.
-- Not diary.routes: its policies come before any operator that is not leakproof, and PostGIS's are not.
VALUES
  ('11.3', 'the query of 7.1', '', 'plan', 'idx_segments_geometry or idx_segments_confidence',
   $$EXPLAIN (COSTS OFF) SELECT * FROM diary.segments
     WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.20, 39.90, -75.10, 40.00, 4326)) AND confidence >= 0.5
     LIMIT 100$$),
  ('11.3', 'streets in a box', '', 'plan', 'idx_segments_geometry',
   $$EXPLAIN (COSTS OFF) SELECT segment_id FROM diary.segments
     WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.165, 39.945, -75.155, 39.955, 4326))$$),
  ('11.3', 'aggregates in a box', '', 'plan', 'idx_segment_agg_geometry',
   $$EXPLAIN (COSTS OFF) SELECT segment_id FROM analytics.segment_aggregates
     WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.165, 39.945, -75.155, 39.955, 4326))$$)
