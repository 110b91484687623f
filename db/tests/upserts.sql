-- The upserts of specification 6 and 8.1, word for word, each run twice.
\ir fixture.psql
SELECT plan(23);

-- 6.1
PREPARE upsert_segment AS
INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
VALUES ($1, $2, $3, $4, ST_GeomFromGeoJSON($5))
ON CONFLICT (segment_id) DO UPDATE
SET
  street = EXCLUDED.street,
  neighborhood = EXCLUDED.neighborhood,
  length_m = EXCLUDED.length_m,
  geometry = EXCLUDED.geometry,
  updated_at = NOW();
-- 6.2
PREPARE upsert_route AS
INSERT INTO diary.routes (
  route_id, user_id, route_name, segment_ids, geometry, length_m, duration_min,
  alt_segment_ids, alt_geometry, alt_length_m, alt_duration_min
)
VALUES ($1, $2, $3, $4, ST_GeomFromGeoJSON($5), $6, $7, $8, ST_GeomFromGeoJSON($9), $10, $11)
ON CONFLICT (route_id) DO UPDATE
SET
  route_name = EXCLUDED.route_name,
  segment_ids = EXCLUDED.segment_ids,
  geometry = EXCLUDED.geometry,
  length_m = EXCLUDED.length_m,
  duration_min = EXCLUDED.duration_min,
  alt_segment_ids = EXCLUDED.alt_segment_ids,
  alt_geometry = EXCLUDED.alt_geometry,
  alt_length_m = EXCLUDED.alt_length_m,
  alt_duration_min = EXCLUDED.alt_duration_min,
  updated_at = NOW();
-- 6.3
PREPARE submit_rating AS
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, device, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (rating_id) DO NOTHING;
-- 8.1
PREPARE seed_segment AS
INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
VALUES ($1, $2, $3, $4, ST_GeomFromGeoJSON($5))
ON CONFLICT (segment_id) DO NOTHING;

-- Streets, as the owner. s1 has a score, which the upsert leaves alone.
SET LOCAL ROLE diary_owner;
INSERT INTO diary.ratings (segment_id, user_id, rating, tags) VALUES ('s1', pg_temp.ben(), 5, ARRAY['well_lit']);
SELECT analytics.sync_segments() IS NOT NULL AS synced \gset
CREATE TEMP VIEW street AS
  SELECT segment_id, street, neighborhood, length_m, ST_AsText(geometry) AS geometry, source_node, target_node,
         decayed_mean, n_eff, confidence, top_tags, delta_30d, created_at FROM diary.segments;
\set line '''{"type":"LineString","coordinates":[[-75.160,39.950],[-75.159,39.951]]}'''
EXECUTE upsert_segment('s1', 'First Avenue', 'East', 90, :line);
SELECT results_eq($$SELECT street::text, neighborhood::text, length_m, geometry FROM street WHERE segment_id = 's1'$$,
                  $$VALUES ('First Avenue', 'East', 90.00, 'LINESTRING(-75.16 39.95,-75.159 39.951)')$$,
                  '6.1 changes what it names');
SELECT results_eq($$SELECT decayed_mean, n_eff, top_tags FROM street WHERE segment_id = 's1'$$,
                  $$VALUES (3.33, 1.00, ARRAY['well_lit'])$$, 'and leaves the score alone');
SELECT results_eq($$SELECT n FROM analytics.segment_state WHERE segment_id = 's1'$$, 'VALUES (1::bigint)',
                  'and the live state');
EXECUTE upsert_segment('fresh', 'Fresh Street', NULL, 90, :line);
SELECT is((SELECT count(*) FROM street), 4::bigint, '6.1 inserts what is new');
CREATE TEMP TABLE once AS SELECT * FROM street;
EXECUTE upsert_segment('s1', 'First Avenue', 'East', 90, :line);
EXECUTE upsert_segment('fresh', 'Fresh Street', NULL, 90, :line);
SELECT set_eq('SELECT * FROM street', 'SELECT * FROM once', '6.1 twice is 6.1 once');
SELECT is((SELECT count(*) FROM street s JOIN once o ON s::text = o::text WHERE s.segment_id IN ('s2', 's3')),
          2::bigint, 'others are untouched');
EXECUTE seed_segment('s1', 'Other', 'Other', 1, :line);
SELECT set_eq('SELECT * FROM street', 'SELECT * FROM once', '8.1 leaves alone what is there');
EXECUTE seed_segment('seed', 'Seed Street', NULL, 90, :line);
EXECUTE seed_segment('seed', 'Seed Street', NULL, 90, :line);
SELECT is((SELECT count(*) FROM street WHERE segment_id = 'seed'), 1::bigint, '8.1 twice is 8.1 once');
SELECT is((SELECT count(*) FROM analytics.segment_state), (SELECT count(*) FROM street), 'each street has one state');

-- Routes, as the server's role on a user's behalf.
SET LOCAL ROLE diary_app;
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
\set id '''10000000-0000-4000-8000-000000000001'''
EXECUTE upsert_route(:id, pg_temp.ann(), 'To work', ARRAY['s1', 's2'], :line, 170, 2.5, ARRAY['s3'], :line, 190, 3);
UPDATE diary.routes SET is_public = false, avg_safety = 4;
CREATE TEMP VIEW route AS
  SELECT route_id, user_id, route_name::text, segment_ids, ST_AsText(geometry), length_m, duration_min, avg_safety,
         alt_segment_ids, ST_AsText(alt_geometry) AS alt, alt_length_m, alt_duration_min, is_public,
         created_at FROM diary.routes;
CREATE TEMP TABLE route_once AS SELECT * FROM route;
SELECT is((SELECT count(*) FROM route_once), 1::bigint, '6.2 inserts');
EXECUTE upsert_route(:id, pg_temp.ann(), 'To work', ARRAY['s1', 's2'], :line, 170, 2.5, ARRAY['s3'], :line, 190, 3);
SELECT set_eq('SELECT * FROM route', 'SELECT * FROM route_once', '6.2 twice is 6.2 once');
EXECUTE upsert_route(:id, pg_temp.ann(), 'Home', ARRAY['s2'], :line, 85, 1, NULL, NULL, NULL, NULL);
SELECT results_eq('SELECT route_name, segment_ids, alt_segment_ids, avg_safety FROM route',
                  $$VALUES ('Home', ARRAY['s2'], NULL::text[], 4.00)$$, '6.2 changes what it names, and only that');
RESET ROLE;
SELECT is((SELECT string_agg(segment_id, ',') FROM diary.route_segments), 's2', 'the mirror follows');
CREATE TEMP TABLE route_before AS SELECT r.*::text AS line FROM diary.routes r;
GRANT SELECT ON route_before TO PUBLIC;
SET LOCAL ROLE diary_app;
SELECT pg_temp.act_as(pg_temp.ben()::text) \gset
SELECT throws_ok(format($$EXECUTE upsert_route(%L, pg_temp.ben(), 'Taken', ARRAY['s1'], %L, 1, 1, NULL, NULL, NULL,
                 NULL)$$, :id, :line), '42501', NULL, '6.2 does not take another user''s route');
SELECT throws_ok(format($$EXECUTE upsert_route(%L, pg_temp.ann(), 'Taken', ARRAY['s1'], %L, 1, 1, NULL, NULL, NULL,
                 NULL)$$, :id, :line), '42501', NULL, 'nor does it write in their name');
RESET ROLE;
SELECT set_eq('SELECT r.*::text FROM diary.routes r', 'SELECT line FROM route_before', 'and nothing has changed');

-- Ratings.
SELECT is(pg_temp.outcome($$SET LOCAL ROLE diary_app; EXECUTE submit_rating(uuid_generate_v4(), 's2', pg_temp.ann(),
          4, '{}', NULL, NULL, NULL)$$), '42501', '6.3 is not for the server''s role, which has diary.submit_ratings');
SET LOCAL ROLE diary_owner;
EXECUTE submit_rating('20000000-0000-4000-8000-000000000001', 's2', pg_temp.ann(), 4, ARRAY['quiet'], 'Fine',
  'mobile', 'manual');
CREATE TEMP TABLE rating_once AS SELECT * FROM diary.ratings;
SELECT is((SELECT count(*) FROM rating_once WHERE segment_id = 's2'), 1::bigint, '6.3 inserts');
EXECUTE submit_rating('20000000-0000-4000-8000-000000000001', 's2', pg_temp.ann(), 4, ARRAY['quiet'], 'Fine',
  'mobile', 'manual');
SELECT set_eq('SELECT * FROM diary.ratings', 'SELECT * FROM rating_once', '6.3 twice is 6.3 once');
EXECUTE submit_rating('20000000-0000-4000-8000-000000000001', 's3', pg_temp.ben(), 1, '{}', NULL, NULL, NULL);
SELECT set_eq('SELECT * FROM diary.ratings', 'SELECT * FROM rating_once',
              'another''s rating under a known id changes nothing');
SELECT is((SELECT n FROM analytics.segment_state WHERE segment_id = 's2'), 1::bigint, 'a retry counts once');
SELECT is((SELECT count(*) FROM analytics.segment_state WHERE segment_id = 's3' AND n = 0), 1::bigint,
          'what was not stored not at all');
SELECT is((SELECT count(*) FROM analytics.drift), 0::bigint, 'the sums agree with a recount');

SELECT * FROM finish();
ROLLBACK;
