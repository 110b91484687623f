-- What the checks of verify stand on: two people, two streets that meet far out at sea; on them a rating, a vote, a
-- private and a public route of the first person and a rating of the second. Their ids are settings of the transaction.
-- Columns, here, in criterion_*.sql and in behaviour.sql: section, name of the check (none: a preparation), actor (app:
-- as diary_app, owner: as the owner of the tables, none: as whoever verifies), how, what is expected, the statement.
-- How: runs (without an error), equal (its first column; the second is the evidence), tried (as equal, and undone at
-- once), refused (SQLSTATE, constraint), plan (the index is named in it). All of it is rolled back.
VALUES
  ('', '', '', 'runs', '', $$SELECT set_config('verify.' || n, gen_random_uuid()::text, true)
    FROM unnest('{a, b, rating, other_rating, new_rating, vote, route, open_route, new_route}'::text[]) n$$),
  ('', '', '', 'runs', '', $$SELECT set_config('verify.' || n, 'verify-' || n || '-' || gen_random_uuid(), true)
    FROM unnest('{s1, s2, s3}'::text[]) n$$),
  ('', '', '', 'runs', '', $$SELECT set_config('app.user_id', current_setting('verify.a'), true)$$),
  ('', '', '', 'runs', '', $$INSERT INTO auth.users (user_id, email, password_hash)
    SELECT id::uuid, 'verify-' || id || '@invalid', 'verify-secret'
    FROM unnest(ARRAY[current_setting('verify.a'), current_setting('verify.b')]) id$$),
  ('', '', '', 'runs', '', $$INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES
    (current_setting('verify.s1'), 'Verify Street', 70,
     ST_GeomFromText('LINESTRING(-123.393 -48.876, -123.392 -48.876)', 4326)),
    (current_setting('verify.s2'), 'Verify Street', 70,
     ST_GeomFromText('LINESTRING(-123.392 -48.876, -123.391 -48.876)', 4326))$$),
  ('', '', '', 'runs', '', $$INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m,
      duration_min, avg_safety, alt_segment_ids, alt_length_m, alt_duration_min, alt_avg_safety, is_public)
    SELECT current_setting(v.id)::uuid, current_setting('verify.a')::uuid, 'Verify', ARRAY[current_setting('verify.s1'),
      current_setting('verify.s2')], ST_GeomFromText('LINESTRING(-123.393 -48.876, -123.391 -48.876)', 4326), 140, 2, 3,
      ARRAY[current_setting('verify.s2')], 70, 1, 3, v.is_public
    FROM (VALUES ('verify.route', false), ('verify.open_route', true)) v(id, is_public)$$),
  ('', '', '', 'runs', '', $$INSERT INTO diary.ratings (rating_id, segment_id, route_id, user_id, rating, tags,
      submitted_at)
    VALUES (current_setting('verify.rating')::uuid, current_setting('verify.s1'), current_setting('verify.route')::uuid,
            current_setting('verify.a')::uuid, 5, '{verified}', now()),
           (current_setting('verify.other_rating')::uuid, current_setting('verify.s2'), NULL,
            current_setting('verify.b')::uuid, 2, '{}', now())$$),
  ('', '', '', 'runs', '', $$INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating,
      submitted_at)
    VALUES (current_setting('verify.vote')::uuid, current_setting('verify.s2'), current_setting('verify.a')::uuid,
            'agree', 3.2345, now())$$)
