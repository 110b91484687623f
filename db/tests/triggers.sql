-- updated_at, the nodes of a street's ends, and what a new street brings along.
\ir fixture.psql
SELECT plan(24);

-- In a transaction NOW() stands still; updated_at does not.
INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min)
SELECT who, name, ARRAY['s1'], 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 85, 1
FROM (VALUES (pg_temp.ann(), 'changed'), (pg_temp.ann(), 'other')) v(who, name);

UPDATE diary.segments SET street = 'Renamed Street' WHERE segment_id = 's1';
SELECT cmp_ok((SELECT updated_at FROM diary.segments WHERE segment_id = 's1'), '>', now(),
              'updated_at moves on a segment');
SELECT is((SELECT count(*) FROM diary.segments WHERE updated_at > now()), 1::bigint, 'and on no other');
SELECT is((SELECT created_at FROM diary.segments WHERE segment_id = 's1'), now(), 'created_at stands');
CREATE TEMP TABLE first_change AS SELECT updated_at FROM diary.segments WHERE segment_id = 's1';
UPDATE diary.segments SET street = 'Renamed Again', updated_at = '2000-01-01' WHERE segment_id = 's1';
SELECT cmp_ok((SELECT updated_at FROM diary.segments WHERE segment_id = 's1'), '>',
              (SELECT updated_at FROM first_change), 'it moves again, whatever the statement says');
UPDATE diary.routes SET is_public = true WHERE route_name = 'changed';
SELECT cmp_ok((SELECT updated_at FROM diary.routes WHERE route_name = 'changed'), '>', now(),
              'updated_at moves on a route');
SELECT is((SELECT updated_at FROM diary.routes WHERE route_name = 'other'), now(), 'and on no other');

-- Nodes: shared where ends meet, negative unless given, following the geometry.
CREATE FUNCTION pg_temp.source(id text) RETURNS bigint LANGUAGE sql AS $$
  SELECT source_node FROM diary.segments WHERE segment_id = id
$$;
CREATE FUNCTION pg_temp.target(id text) RETURNS bigint LANGUAGE sql AS $$
  SELECT target_node FROM diary.segments WHERE segment_id = id
$$;
INSERT INTO diary.segments (segment_id, street, length_m, geometry, source_node, target_node) VALUES
  ('near', 'A Centimetre Off', 85, 'SRID=4326;LINESTRING(-75.159 39.9500001,-75.158 39.951)', NULL, NULL),
  ('osm', 'Given', 85, 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 7, 8),
  ('half', 'Half Given', 85, 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 7, NULL);
SELECT is(pg_temp.target('s1'), pg_temp.source('s2'), 'streets that meet share a node');
SELECT isnt(pg_temp.target('s1'), pg_temp.source('near'), 'a centimetre apart is apart');
SELECT cmp_ok(pg_temp.source('s1'), '<', 0::bigint, 'a derived node is not taken for one of OpenStreetMap''s');
SELECT results_eq($$SELECT source_node, target_node FROM diary.segments WHERE segment_id = 'osm'$$,
                  'VALUES (7::bigint, 8::bigint)', 'nodes that are given are kept');
SELECT results_eq($$SELECT source_node, target_node FROM diary.segments WHERE segment_id = 'half'$$,
                  $$VALUES (7::bigint, pg_temp.target('s1'))$$, 'one that is missing is filled in');
UPDATE diary.segments SET geometry = ST_Reverse(geometry) WHERE segment_id IN ('s2', 'osm');
SELECT is(pg_temp.target('s2'), pg_temp.target('s1'), 'derived nodes follow the geometry');
SELECT is(pg_temp.source('s2'), pg_temp.source('s3'), 'at both ends');
SELECT is(pg_temp.source('osm'), 7::bigint, 'given ones do not');
INSERT INTO diary.segments (segment_id, street, length_m, geometry)
SELECT 'far' || n, 'Far', 1, ST_GeomFromText(wkt, 4326)
FROM (VALUES (1, 'LINESTRING(-180 -90,-180 90)'), (2, 'LINESTRING(180 -90,180 90)'),
  (3, 'LINESTRING(0 0,0 1e-7)')) v(n, wkt);
SELECT is((SELECT count(DISTINCT node) FROM diary.segments, LATERAL (VALUES (source_node), (target_node)) v(node)
           WHERE segment_id LIKE 'far%' AND node < 0), 6::bigint, 'nodes reach the ends of the earth');

-- A street's live state and its notice in the change feed, from its first moment to its last.
SELECT results_eq($$SELECT n, w, next_event_at FROM analytics.segment_state WHERE segment_id = 'near'$$,
                  $$VALUES (0::bigint, 0::numeric, 'infinity'::timestamptz)$$, 'a new street has a state');
SELECT is((SELECT count(*) FROM analytics.segment_live WHERE segment_id = 'near' AND decayed_mean = 3
          AND confidence = 0), 1::bigint, 'and a score');
SELECT is((SELECT is_deleted FROM analytics.segment_change WHERE segment_id = 'near'), false,
          'and stands in the change feed');
INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES
  ('s1', 'Again', 85, 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)') ON CONFLICT DO NOTHING;
SELECT is((SELECT count(*) FROM analytics.segment_state WHERE segment_id = 's1'), 1::bigint,
          'one that was there keeps its own');
-- Only what changes of the street itself moves it in the feed.
CREATE TEMP TABLE seen AS SELECT changed_at FROM analytics.segment_state WHERE segment_id = 'near';
UPDATE diary.segments SET access = access, decayed_mean = 3.5 WHERE segment_id = 'near';
SELECT is((SELECT changed_at FROM analytics.segment_state WHERE segment_id = 'near'), (SELECT changed_at FROM seen),
          'no change is no news');
UPDATE diary.segments SET access = 1 WHERE segment_id = 'near';
SELECT cmp_ok((SELECT changed_at FROM analytics.segment_state WHERE segment_id = 'near'), '>',
              (SELECT changed_at FROM seen), 'who may go there is');
DELETE FROM diary.segments WHERE segment_id = 'near';
SELECT is((SELECT count(*) FROM analytics.segment_state WHERE segment_id = 'near'), 0::bigint,
          'a street that goes takes it along');
SELECT is((SELECT is_deleted FROM analytics.segment_change WHERE segment_id = 'near'), true, 'and leaves a notice');
INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES
  ('near', 'Back', 85, 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)');
SELECT is((SELECT is_deleted FROM analytics.segment_change WHERE segment_id = 'near'), false,
          'which ends when it comes back');

SELECT * FROM finish();
ROLLBACK;
