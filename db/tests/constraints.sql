-- Each column's constraint at its bound and one beyond (specification 3.1 to 3.5, as corrected).
\ir fixture.psql
SELECT plan(193);

-- value: an SQL expression for the column of a row that is otherwise good.
CREATE TEMP TABLE tried (n serial, tab text, col text, value text, expected text);

INSERT INTO tried (tab, col, value, expected)
SELECT 'diary.segments', v.* FROM (VALUES
  ('segment_id', $$repeat('x', 50)$$, '1 rows'), ('segment_id', $$repeat('x', 51)$$, '22001'),
  ('segment_id', $$''$$, '23514 segments_segment_id_check'), ('segment_id', 'NULL', '23502 segment_id'),
  ('segment_id', $$'s1'$$, '23505 segments_pkey'),
  ('street', $$repeat('ü', 200)$$, '1 rows'), ('street', $$repeat('ü', 201)$$, '22001'),
  ('street', 'NULL', '23502 street'),
  ('neighborhood', $$repeat('ü', 100)$$, '1 rows'), ('neighborhood', $$repeat('ü', 101)$$, '22001'),
  ('neighborhood', 'NULL', '1 rows'),
  ('length_m', '0.01', '1 rows'), ('length_m', '0.004', '23514 segments_length_m_check'),
  ('length_m', '0', '23514 segments_length_m_check'), ('length_m', '-1', '23514 segments_length_m_check'),
  ('length_m', '999999.99', '1 rows'), ('length_m', '1000000', '22003'), ('length_m', 'NULL', '23502 length_m'),
  ('geometry', 'NULL', '23502 geometry'),
  ('geometry', $$'SRID=4326;LINESTRING EMPTY'$$, '23502 source_node'),   -- it has no ends
  ('geometry', $$'SRID=4326;LINESTRING(-180 -90,180 90)'$$, '1 rows'),
  ('geometry', $$'SRID=4326;LINESTRING(0 0,180.0001 0)'$$, '23514 geometry_on_earth'),
  ('geometry', $$'SRID=4326;LINESTRING(0 0,-180.0001 0)'$$, '23514 geometry_on_earth'),
  ('geometry', $$'SRID=4326;LINESTRING(0 0,0 90.0001)'$$, '23514 geometry_on_earth'),
  ('geometry', $$'SRID=4326;LINESTRING(0 0,0 -90.0001)'$$, '23514 geometry_on_earth'),
  ('geometry', $$'SRID=3857;LINESTRING(0 0,1 1)'$$, '22023'), 
  ('geometry', $$'LINESTRING(0 0,1 1)'$$, '1 rows'),   -- takes the column's SRID
  ('geometry', $$'SRID=4326;POINT(0 0)'$$, '22023'), ('geometry', $$'SRID=4326;POLYGON((0 0,1 0,1 1,0 0))'$$, '22023'),
  ('geometry', $$'SRID=4326;LINESTRING Z (0 0 0,1 1 1)'$$, '22023'),
  ('access', '0', '1 rows'), ('access', '15', '1 rows'), ('access', '-1', '23514 segments_access_check'),
  ('access', '16', '23514 segments_access_check'), ('access', 'NULL', '23502 access'),
  ('decayed_mean', '1.00', '1 rows'), ('decayed_mean', '5.00', '1 rows'),
  ('decayed_mean', '0.99', '23514 segments_decayed_mean_check'),
  ('decayed_mean', '5.01', '23514 segments_decayed_mean_check'),
  ('decayed_mean', 'NULL', '23502 decayed_mean'),
  ('n_eff', '0', '1 rows'), ('n_eff', '-0.01', '23514 segments_n_eff_check'), ('n_eff', '1000000', '22003'),
  ('n_eff', 'NULL', '23502 n_eff'),
  ('delta_30d', '-4.00', '1 rows'), ('delta_30d', '4.00', '1 rows'),
  ('delta_30d', '-4.01', '23514 segments_delta_30d_check'), ('delta_30d', '4.01', '23514 segments_delta_30d_check'),
  ('delta_30d', 'NULL', '23502 delta_30d'), ('top_tags', 'NULL', '23502 top_tags'),
  ('source_node', 'NULL', '1 rows'), ('target_node', 'NULL', '1 rows'),   -- filled in
  ('confidence', '0.5', '428C9'), ('confidence', 'DEFAULT', '1 rows'),
  ('created_at', 'NULL', '23502 created_at'), ('updated_at', 'NULL', '23502 updated_at')) v;

INSERT INTO tried (tab, col, value, expected)
SELECT 'diary.ratings', v.* FROM (VALUES
  ('rating', '0', '23514 ratings_rating_check'), ('rating', '1', '1 rows'), ('rating', '5', '1 rows'),
  ('rating', '6', '23514 ratings_rating_check'), ('rating', 'NULL', '23502 rating'), ('rating', '40000', '22003'),
  ('segment_id', 'NULL', '23502 segment_id'), ('user_id', 'NULL', '23502 user_id'),
  ('rating_id', 'NULL', '23502 rating_id'),
  ('tags', $$array_fill('t'::text, ARRAY[20])$$, '1 rows'),
  ('tags', $$array_fill('t'::text, ARRAY[21])$$, '23514 ratings_tags_check'),
  ('tags', $$ARRAY['a', NULL]$$, '23514 ratings_tags_check'), ('tags', 'NULL', '23502 tags'),
  ('comment', $$repeat('ü', 500)$$, '1 rows'), ('comment', $$repeat('ü', 501)$$, '23514 ratings_comment_check'),
  ('comment', 'NULL', '1 rows'),
  ('device', $$'mobile'$$, '1 rows'), ('device', $$'desktop'$$, '1 rows'), ('device', $$'tablet'$$, '1 rows'),
  ('device', $$'Mobile'$$, '23514 ratings_device_check'), ('device', $$repeat('x', 20)$$, '23514 ratings_device_check'),
  ('device', $$repeat('x', 21)$$, '22001'), ('device', 'NULL', '1 rows'),
  ('source', $$'recording'$$, '1 rows'), ('source', $$'manual'$$, '1 rows'), ('source', $$'community'$$, '1 rows'),
  ('source', $$''$$, '23514 ratings_source_check'), ('source', $$repeat('x', 21)$$, '22001'),
  ('source', 'NULL', '1 rows'),
  ('status', $$'accepted'$$, '1 rows'), ('status', $$'pending_review'$$, '1 rows'),
  ('status', $$'rejected'$$, '1 rows'),
  ('status', $$'pending'$$, '23514 ratings_status_check'), ('status', $$repeat('x', 21)$$, '22001'),
  ('status', 'NULL', '23502 status'),
  ('submitted_at', 'NULL', '23502 submitted_at'),
  ('submitted_at', $$clock_timestamp() + interval '4 minutes 50 seconds'$$, '1 rows'),
  ('submitted_at', $$clock_timestamp() + interval '5 minutes 10 seconds'$$, '23514 submitted_not_ahead'),
  ('submitted_at', $$'infinity'$$, '23514 submitted_not_ahead'),
  ('submitted_at', $$'2000-01-01 00:00+00'$$, '1 rows'),
  ('submitted_at', $$'1999-12-31 23:59:59.999999+00'$$, '23514 submitted_not_ancient'),
  ('submitted_at', $$'-infinity'$$, '23514 submitted_not_ancient')) v;

INSERT INTO tried (tab, col, value, expected)
SELECT 'diary.votes', v.* FROM (VALUES
  ('action', $$'agree'$$, '1 rows'), ('action', $$'safer'$$, '1 rows'),
  ('action', $$'worse'$$, '23514 votes_action_check'),
  ('action', $$repeat('x', 10)$$, '23514 votes_action_check'), ('action', $$repeat('x', 11)$$, '22001'),
  ('action', 'NULL', '23502 action'),
  ('implicit_rating', '1', '1 rows'), ('implicit_rating', '5', '1 rows'), ('implicit_rating', '3.23456789', '1 rows'),
  ('implicit_rating', '0.999', '23514 votes_implicit_rating_check'),
  ('implicit_rating', '5.001', '23514 votes_implicit_rating_check'),
  ('implicit_rating', $$'NaN'$$, '23514 votes_implicit_rating_check'),
  ('implicit_rating', 'NULL', '23502 implicit_rating'),
  ('segment_id', 'NULL', '23502 segment_id'), ('user_id', 'NULL', '23502 user_id'),
  ('submitted_at', 'NULL', '23502 submitted_at'),
  ('submitted_at', $$clock_timestamp() + interval '4 minutes 50 seconds'$$, '1 rows'),
  ('submitted_at', $$clock_timestamp() + interval '5 minutes 10 seconds'$$, '23514 submitted_not_ahead'),
  ('submitted_at', $$'1999-12-31 23:59:59.999999+00'$$, '23514 submitted_not_ancient')) v;

INSERT INTO tried (tab, col, value, expected)
SELECT 'diary.routes', v.* FROM (VALUES
  ('user_id', 'NULL', '23502 user_id'),
  ('route_name', $$repeat('ü', 200)$$, '1 rows'), ('route_name', $$repeat('ü', 201)$$, '22001'),
  ('route_name', 'NULL', '23502 route_name'),
  ('segment_ids', $$array_fill('s1'::text, ARRAY[10000])$$, '1 rows'),
  ('segment_ids', $$array_fill('s1'::text, ARRAY[10001])$$, '23514 routes_segment_ids_check'),
  ('segment_ids', $$'{}'$$, '23514 routes_segment_ids_check'), ('segment_ids', 'NULL', '23502 segment_ids'),
  ('segment_ids', $$ARRAY['s1', NULL]$$, '23502 segment_id'),
  ('alt_segment_ids', $$ARRAY['s2']$$, '1 rows'), ('alt_segment_ids', $$'{}'$$, '23514 routes_alt_segment_ids_check'),
  ('alt_segment_ids', $$array_fill('s1'::text, ARRAY[10001])$$, '23514 routes_alt_segment_ids_check'),
  ('geometry', 'NULL', '23502 geometry'), ('geometry', $$'SRID=4326;POINT(0 0)'$$, '22023'),
  ('geometry', $$'SRID=3857;LINESTRING(0 0,1 1)'$$, '22023'),
  ('geometry', $$'SRID=4326;LINESTRING EMPTY'$$, '23514 geometry_on_earth'),
  ('geometry', $$'SRID=4326;LINESTRING(0 0,181 0)'$$, '23514 geometry_on_earth'),
  ('alt_geometry', $$'SRID=4326;LINESTRING(0 0,1 1)'$$, '1 rows'),
  ('alt_geometry', $$'SRID=4326;POINT(0 0)'$$, '22023'),
  ('alt_geometry', $$'SRID=4326;LINESTRING EMPTY'$$, '23514 alt_geometry_on_earth'),
  ('alt_geometry', $$'SRID=4326;LINESTRING(0 0,0 91)'$$, '23514 alt_geometry_on_earth'),
  ('length_m', '0.01', '1 rows'), ('length_m', '0', '23514 routes_length_m_check'), ('length_m', '999999.99', '1 rows'),
  ('length_m', '1000000', '22003'), ('length_m', 'NULL', '23502 length_m'),
  ('duration_min', '0.01', '1 rows'), ('duration_min', '0', '23514 routes_duration_min_check'),
  ('duration_min', '9999.99', '1 rows'), ('duration_min', '10000', '22003'),
  ('duration_min', 'NULL', '23502 duration_min'),
  ('avg_safety', '1', '1 rows'), ('avg_safety', '5', '1 rows'), ('avg_safety', 'NULL', '1 rows'),
  ('avg_safety', '0.99', '23514 routes_avg_safety_check'), ('avg_safety', '5.01', '23514 routes_avg_safety_check'),
  ('alt_length_m', '0', '23514 routes_alt_length_m_check'), ('alt_length_m', '1000000', '22003'),
  ('alt_duration_min', '0', '23514 routes_alt_duration_min_check'), ('alt_duration_min', '10000', '22003'),
  ('alt_avg_safety', '0.99', '23514 routes_alt_avg_safety_check'),
  ('alt_avg_safety', '5.01', '23514 routes_alt_avg_safety_check'), ('is_public', 'NULL', '23502 is_public')) v;

INSERT INTO tried (tab, col, value, expected)
SELECT 'auth.users', v.* FROM (VALUES
  ('email', $$repeat('x', 255)$$, '1 rows'), ('email', $$repeat('x', 256)$$, '22001'), ('email', 'NULL', '23502 email'),
  ('email', $$'ann@example.org'$$, '23505 idx_users_email'), ('email', $$'ANN@Example.ORG'$$, '23505 idx_users_email'),
  ('password_hash', $$repeat('x', 255)$$, '1 rows'), ('password_hash', $$repeat('x', 256)$$, '22001'),
  ('password_hash', 'NULL', '23502 password_hash'),
  ('display_name', $$repeat('ü', 100)$$, '1 rows'), ('display_name', $$repeat('ü', 101)$$, '22001'),
  ('display_name', 'NULL', '1 rows'),
  ('avatar_url', $$repeat('x', 2000)$$, '1 rows'),
  ('avatar_url', $$repeat('x', 2001)$$, '23514 users_avatar_url_check'),
  ('is_active', 'NULL', '23502 is_active'), ('email_verified', 'NULL', '23502 email_verified'),
  ('api_tier', $$'free'$$, '1 rows'), ('api_tier', $$'premium'$$, '1 rows'), ('api_tier', $$'enterprise'$$, '1 rows'),
  ('api_tier', $$'gold'$$, '23514 users_api_tier_check'), ('api_tier', $$repeat('x', 21)$$, '22001'),
  ('api_tier', 'NULL', '23502 api_tier'), ('user_id', 'pg_temp.ann()', '23505 users_pkey')) v;

SELECT is(pg_temp.outcome(pg_temp.insert_good(tab, jsonb_build_object(col, value))), expected,
          tab || '.' || col || ' = ' || left(value, 60))
FROM tried ORDER BY n;

SELECT is(pg_temp.outcome(pg_temp.insert_good('diary.segments',
            $${"geometry": "'SRID=4326;LINESTRING EMPTY'", "source_node": "1", "target_node": "2"}$$)),
          '23514 geometry_on_earth', 'nothing empty, though it has nodes');

-- Whatever is given as received, the difference is what counts.
SELECT is(pg_temp.outcome(pg_temp.insert_good(tab, jsonb_build_object('received_at', $$'2026-01-01 12:00+00'$$,
                                                                      'submitted_at', at))), expected,
                                                                      tab || ' at ' || at)
FROM (VALUES ($$'2026-01-01 12:05+00'$$, '1 rows'),
             ($$'2026-01-01 12:05:00.000001+00'$$, '23514 submitted_not_ahead')) v(at, expected),
     (VALUES ('diary.ratings'), ('diary.votes')) t(tab);

-- confidence = min(1, n_eff / 10), and nobody writes it.
CREATE FUNCTION pg_temp.confidence_at(n numeric) RETURNS numeric LANGUAGE sql AS $$
  UPDATE diary.segments SET n_eff = n WHERE segment_id = 's1' RETURNING confidence
$$;
SELECT is(confidence, expected, 'confidence at n_eff ' || n) FROM (VALUES
  (0, 0.00), (4.99, 0.50), (5, 0.50), (10, 1.00), (250, 1.00)) v(n, expected),
  LATERAL (SELECT pg_temp.confidence_at(n) AS confidence) c;
SELECT is(pg_temp.outcome('UPDATE diary.segments SET confidence = 1'), '428C9', 'confidence cannot be updated');

SELECT * FROM finish();
ROLLBACK;
