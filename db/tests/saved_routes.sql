-- Segments seen as one walk (diary.join_segments), what it is worth, and who may change whose routes by which query.
\ir fixture.psql
SELECT plan(40);

-- s1, s2, s3 lie in a row from west to east. b2 is s2 drawn the other way, n2 leads north from between s1 and s2.
INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES
  ('b2', 'Second Street', 85, 'SRID=4326;LINESTRING(-75.158 39.950,-75.159 39.950)'),
  ('n2', 'North Street', 111, 'SRID=4326;LINESTRING(-75.159 39.950,-75.159 39.951)'),
  ('ring', 'Round Place', 200, 'SRID=4326;LINESTRING(-75.159 39.950,-75.1585 39.9505,-75.1585 39.9495,-75.159 39.950)'),
  ('stub', 'Stub', 10, 'SRID=4326;LINESTRING(-75.159 39.950,-75.15889 39.950)'),
  ('dot', 'Dot', 0.01, 'SRID=4326;LINESTRING(-75.159 39.950,-75.159 39.950)');
INSERT INTO auth.users (email, password_hash) SELECT 'c' || n || '@example.org', 'x' FROM generate_series(1, 10) n;
INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT 'n2', user_id, 5 FROM auth.users WHERE email LIKE 'c%';

SET LOCAL ROLE diary_app;
CREATE FUNCTION pg_temp.joined(VARIADIC ids text[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN unknown_at IS NOT NULL THEN 'unknown ' || unknown_at
              WHEN break_at IS NOT NULL THEN 'break ' || break_at || ' ' || round(gap_m::numeric)
              ELSE replace(substr(public.ST_AsText(line), 11), '-75.1', '') END
  FROM diary.join_segments(ids)
$$;
SELECT is(pg_temp.joined(VARIADIC ids), line, array_to_string(ids, ' ')) FROM (VALUES
  (ARRAY['s1'], '(6 39.95,59 39.95)'),
  (ARRAY['s1', 's2', 's3'], '(6 39.95,59 39.95,58 39.95,57 39.95)'),
  (ARRAY['s3', 's2', 's1'], '(57 39.95,58 39.95,59 39.95,6 39.95)'),
  (ARRAY['s1', 'b2', 's3'], '(6 39.95,59 39.95,58 39.95,57 39.95)'),
  (ARRAY['s1', 's1'], '(59 39.95,6 39.95,59 39.95)'),
  (ARRAY['s1', 'n2', 'n2', 's2'], '(6 39.95,59 39.95,59 39.951,59 39.95,58 39.95)'),
  (ARRAY['s1', 'ring', 's2'], '(6 39.95,59 39.95,585 39.9505,585 39.9495,59 39.95,58 39.95)'),
  (ARRAY['s1', 'stub', 'n2'], '(6 39.95,59 39.95,5889 39.95,59 39.95,59 39.951)'),   -- nine metres: it may be turned
  (ARRAY['dot'], '(59 39.95,59 39.95)'),
  (ARRAY['s1', 'dot', 's2'], '(6 39.95,59 39.95,58 39.95)'),
  (ARRAY['s1', 'x', 'y'], 'unknown 2'),
  (ARRAY['x'], 'unknown 1'),
  (ARRAY['s1', NULL], 'unknown 2'),
  (ARRAY['s1', 's3'], 'break 1 85'),
  (ARRAY['s1', 's2', 'n2'], 'break 2 85'),          -- n2 begins where s2 began
  (ARRAY['s1', 's2', 's3', 's1'], 'break 3 171')) v(ids, line);
SELECT is((SELECT line FROM diary.join_segments(ARRAY['s1', 's2'])),
          public.ST_GeomFromText('LINESTRING(-75.160 39.950,-75.159 39.950,-75.158 39.950)', 4326), 'the line in full');
SELECT results_eq($$SELECT length_m, avg_safety FROM diary.join_segments(ARRAY['s1', 's2', 's2'])$$,
                  $$VALUES (255.00, 3.00)$$, 'what is walked twice counts twice');
-- (85 * 3 + 111 * (15 + 50) / 15) / 196
SELECT is((SELECT avg_safety FROM diary.join_segments(ARRAY['s1', 'n2'])), 3.76, 'scores count by length');
SELECT is(diary.route_safety(ARRAY['s1', 'n2']), 3.76, 'so they do alone');
SELECT is(diary.route_safety(ARRAY['s1', 'n2', 'n2']), 3.96, 'twice is twice');
SELECT is(diary.route_safety(NULL), NULL, 'no segments, no score');
SELECT is(diary.route_safety('{}'), NULL, 'none at all neither');

-- Twenty-five metres: 0.0002252 degrees of latitude there.
RESET ROLE;
INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES
  ('near', 'Near Street', 111, 'SRID=4326;LINESTRING(-75.157 39.950224,-75.157 39.951)'),
  ('far', 'Far Street', 111, 'SRID=4326;LINESTRING(-75.157 39.950226,-75.157 39.951)');
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.joined('s3', 'near'), '(58 39.95,57 39.95,57 39.950224,57 39.951)', 'ends 24.9 m apart join');
SELECT is(pg_temp.joined('s3', 'far'), 'break 1 25', 'ends 25.1 m apart do not');

-- Of several ways, the one with the least gaps: short segments could be walked either way.
RESET ROLE;
INSERT INTO diary.segments (segment_id, street, length_m, geometry)
SELECT 'short' || i, 'Short', 8.5, public.ST_SetSRID(public.ST_MakeLine(
         public.ST_MakePoint(-75.15 + i * 0.0001, 39.95), public.ST_MakePoint(-75.15 + i * 0.0001 + 0.0001, 39.95)), 4326)
FROM generate_series(1, 5) i;
SET LOCAL ROLE diary_app;
SELECT is((SELECT round(public.ST_Length(line::public.geography)) FROM diary.join_segments(
             ARRAY['short1', 'short2', 'short3', 'short4', 'short5'])), 43.0::float8, 'short ones are walked on, not to and fro');

-- The statements themselves, as the server runs them, for whom app.user_id says.
RESET ROLE;
INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, duration_min, is_public)
SELECT id::uuid, pg_temp.ben(), 'ben', ARRAY['s1'], 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 85, 1, open
FROM (VALUES ('10000000-0000-4000-8000-000000000001', false), ('10000000-0000-4000-8000-000000000002', true)) v(id, open);
CREATE TEMP TABLE before AS SELECT r::text AS row FROM diary.routes r;
GRANT SELECT ON before TO PUBLIC;
CREATE FUNCTION pg_temp.tried(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF who IS NOT NULL THEN PERFORM pg_temp.act_as(who); END IF;
  RETURN pg_temp.outcome(statement);
END $$;
SET LOCAL ROLE diary_app;
SELECT is(current_setting('app.user_id', true), NULL, 'a connection that never had a user');
SELECT is(pg_temp.tried(who, statement), expected, COALESCE(quote_literal(who), 'unset') || ': ' || what)
FROM (VALUES (1, NULL), (2, ''), (3, 'user_12345'), (4, pg_temp.ann()::text)) w(i, who), (VALUES
  ($$SELECT FROM diary.routes WHERE route_id = '10000000-0000-4000-8000-000000000001' FOR UPDATE$$, '0 rows', 'reads'),
  ($$UPDATE diary.routes SET is_public = true WHERE route_id = '10000000-0000-4000-8000-000000000001'$$, '0 rows',
   'publishes'),
  ($$DELETE FROM diary.routes$$, '0 rows', 'deletes')) s(statement, expected, what)
ORDER BY i;
RESET ROLE;
SELECT set_eq('SELECT r::text FROM diary.routes r', 'SELECT row FROM before', 'and nothing has changed');

SELECT * FROM finish();
ROLLBACK;
