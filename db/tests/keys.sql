-- Foreign keys: orphans, cascades, and the mirror that gives the arrays of routes one (diary.route_segments).
\ir fixture.psql
SELECT plan(29);

SELECT is(pg_temp.outcome(pg_temp.insert_good(tab, jsonb_build_object(col, value))), '23503 ' || key, key)
FROM (VALUES
  ('diary.ratings', 'segment_id', $$'nowhere'$$, 'ratings_segment_id_fkey'),
  ('diary.ratings', 'user_id', 'uuid_generate_v4()', 'ratings_user_id_fkey'),
  ('diary.ratings', 'route_id', 'uuid_generate_v4()', 'ratings_route_id_fkey'),
  ('diary.votes', 'segment_id', $$'nowhere'$$, 'votes_segment_id_fkey'),
  ('diary.votes', 'user_id', 'uuid_generate_v4()', 'votes_user_id_fkey'),
  ('diary.routes', 'user_id', 'uuid_generate_v4()', 'routes_user_id_fkey'),
  ('diary.routes', 'segment_ids', $$ARRAY['s1', 'nowhere']$$, 'route_segments_segment_id_fkey'),
  ('diary.routes', 'alt_segment_ids', $$ARRAY['nowhere']$$, 'route_segments_segment_id_fkey')
) v(tab, col, value, key);

-- Ann's route over s1 and s2, with an alternative over s3; ratings of it by both; votes of both.
INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, alt_segment_ids, geometry, length_m, duration_min)
VALUES ('10000000-0000-4000-8000-000000000001', pg_temp.ann(), 'To work', ARRAY['s1', 's2', 's1'], ARRAY['s3'],
        'SRID=4326;LINESTRING(-75.160 39.950,-75.158 39.950)', 170, 2);
INSERT INTO diary.ratings (segment_id, user_id, rating, route_id) VALUES
  ('s1', pg_temp.ann(), 4, '10000000-0000-4000-8000-000000000001'),
  ('s1', pg_temp.ben(), 2, '10000000-0000-4000-8000-000000000001'), ('s2', pg_temp.ben(), 2, NULL);
INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) VALUES
  ('s1', pg_temp.ann(), 'agree', 3), ('s2', pg_temp.ben(), 'safer', 4);

CREATE FUNCTION pg_temp.mirror() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat(CASE WHEN is_alt THEN 'alt ' END, seq, ' ', segment_id), ', ' ORDER BY is_alt, seq)
  FROM diary.route_segments
$$;
SELECT is(pg_temp.mirror(), '1 s1, 2 s2, 3 s1, alt 1 s3', 'the mirror has both arrays, in order, repetitions included');
UPDATE diary.routes SET route_name = 'Home';
SELECT is(pg_temp.mirror(), '1 s1, 2 s2, 3 s1, alt 1 s3', 'another name changes nothing');
UPDATE diary.routes SET segment_ids = ARRAY['s2', 's1'];
SELECT is(pg_temp.mirror(), '1 s2, 2 s1, alt 1 s3', 'the mirror follows the array');
UPDATE diary.routes SET alt_segment_ids = ARRAY['s3', 's2'];
SELECT is(pg_temp.mirror(), '1 s2, 2 s1, alt 1 s3, alt 2 s2', 'and the alternative''s');
UPDATE diary.routes SET alt_segment_ids = NULL;
SELECT is(pg_temp.mirror(), '1 s2, 2 s1', 'an alternative that is dropped leaves it');
SELECT is(pg_temp.outcome($$UPDATE diary.routes SET segment_ids = ARRAY['s1', 'nowhere']$$),
          '23503 route_segments_segment_id_fkey', 'nor does an update lead nowhere');
SELECT is(pg_temp.outcome($$UPDATE diary.routes SET alt_segment_ids = ARRAY['nowhere']$$),
          '23503 route_segments_segment_id_fkey', 'nor an alternative');

SELECT is(pg_temp.outcome($$DELETE FROM diary.segments WHERE segment_id = 's1'$$),
          '23503 route_segments_segment_id_fkey', 'a street on a route stays');
SELECT is(pg_temp.outcome($$DELETE FROM diary.segments WHERE segment_id = 's3'$$), '1 rows', 'one on none may go');
UPDATE diary.routes SET alt_segment_ids = ARRAY['s3'];
SELECT is(pg_temp.outcome($$DELETE FROM diary.segments WHERE segment_id = 's3'$$),
          '23503 route_segments_segment_id_fkey', 'one on an alternative stays');
SELECT is(left(pg_temp.outcome($$UPDATE diary.segments SET segment_id = 'other' WHERE segment_id = 's1'$$), 5),
          '23503', 'an id that is used does not change');
SELECT is(left(pg_temp.outcome($$UPDATE auth.users SET user_id = uuid_generate_v4() WHERE user_id = pg_temp.ann()$$),
          5), '23503', 'nor does a user''s');

-- Cascades, as the owner, whom row security binds: it must not keep them from their work.
SET LOCAL ROLE diary_owner;
SAVEPOINT whole;
DELETE FROM auth.users WHERE user_id = pg_temp.ann();
RESET ROLE;
SELECT is((SELECT count(*) FROM diary.routes), 0::bigint, 'a user''s routes go with them');
SELECT is((SELECT count(*) FROM diary.route_segments), 0::bigint, 'and their mirror');
SELECT is((SELECT count(*) FROM diary.ratings WHERE user_id = pg_temp.ann()), 0::bigint, 'and their ratings');
SELECT is((SELECT count(*) FROM diary.votes WHERE user_id = pg_temp.ann()), 0::bigint, 'and their votes');
SELECT results_eq('SELECT segment_id::text, route_id FROM diary.ratings ORDER BY 1',
                  $$VALUES ('s1', NULL::uuid), ('s2', NULL)$$, 'others'' ratings of the route stay, without it');
SELECT is((SELECT count(*) FROM diary.votes), 1::bigint, 'so do others'' votes');
ROLLBACK TO whole;

DELETE FROM diary.routes;
RESET ROLE;
UPDATE diary.routes SET segment_ids = ARRAY['s2'], alt_segment_ids = NULL;
SET LOCAL ROLE diary_owner;
DELETE FROM diary.segments WHERE segment_id = 's1';
RESET ROLE;
SELECT is((SELECT string_agg(segment_id, ',') FROM diary.ratings), 's2', 'a street''s ratings go with it');
SELECT is((SELECT string_agg(segment_id, ',') FROM diary.votes), 's2', 'and its votes');
SELECT is((SELECT count(*) FROM analytics.segment_state WHERE segment_id = 's1'), 0::bigint, 'and its state');

SELECT * FROM finish();
ROLLBACK;
