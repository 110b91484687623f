-- Criterion 4: the upserts of 6.1, 6.2 and 6.3 as printed, each twice, leave one row.
VALUES
  ('11.4', '', '', 'runs', '',
   $$INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
     VALUES (current_setting('verify.s3'), 'Upsert Street', NULL, 70,
       ST_GeomFromGeoJSON('{"type":"LineString","coordinates":[[-123.391,-48.876],[-123.390,-48.876]]}'))
     ON CONFLICT (segment_id) DO UPDATE
     SET
       street = EXCLUDED.street,
       neighborhood = EXCLUDED.neighborhood,
       length_m = EXCLUDED.length_m,
       geometry = EXCLUDED.geometry,
       updated_at = NOW()$$),
  ('11.4', '6.1: a street, again', '', 'runs', '',
   $$INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
     VALUES (current_setting('verify.s3'), 'Upsert Street', NULL, 70,
       ST_GeomFromGeoJSON('{"type":"LineString","coordinates":[[-123.391,-48.876],[-123.390,-48.876]]}'))
     ON CONFLICT (segment_id) DO UPDATE
     SET
       street = EXCLUDED.street,
       neighborhood = EXCLUDED.neighborhood,
       length_m = EXCLUDED.length_m,
       geometry = EXCLUDED.geometry,
       updated_at = NOW()$$),
  ('11.4', '6.1: a street is there once', '', 'equal', '1',
   $$SELECT count(*), count(*) || ' row after two upserts'
     FROM diary.segments WHERE segment_id = current_setting('verify.s3')$$),
  ('11.4', '', '', 'runs', '',
   $$INSERT INTO diary.routes (
       route_id, user_id, route_name, segment_ids, geometry, length_m, duration_min,
       alt_segment_ids, alt_geometry, alt_length_m, alt_duration_min
     )
     VALUES (current_setting('verify.new_route')::uuid, current_setting('verify.a')::uuid, 'Upsert',
       ARRAY[current_setting('verify.s1')],
       ST_GeomFromGeoJSON('{"type":"LineString","coordinates":[[-123.393,-48.876],[-123.392,-48.876]]}'), 70, 1,
       NULL, NULL, NULL, NULL)
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
       updated_at = NOW()$$),
  ('11.4', '6.2: a route, again', '', 'runs', '',
   $$INSERT INTO diary.routes (
       route_id, user_id, route_name, segment_ids, geometry, length_m, duration_min,
       alt_segment_ids, alt_geometry, alt_length_m, alt_duration_min
     )
     VALUES (current_setting('verify.new_route')::uuid, current_setting('verify.a')::uuid, 'Upsert',
       ARRAY[current_setting('verify.s1')],
       ST_GeomFromGeoJSON('{"type":"LineString","coordinates":[[-123.393,-48.876],[-123.392,-48.876]]}'), 70, 1,
       NULL, NULL, NULL, NULL)
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
       updated_at = NOW()$$),
  ('11.4', '6.2: a route is there once', '', 'equal', '1',
   $$SELECT count(*), count(*) || ' row after two upserts'
     FROM diary.routes WHERE route_id = current_setting('verify.new_route')::uuid$$),
  ('11.4', '', '', 'runs', '',
   $$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, device, source)
     VALUES (current_setting('verify.new_rating')::uuid, current_setting('verify.s3'),
       current_setting('verify.a')::uuid, 4, '{upsert}', 'again', 'mobile', 'manual')
     ON CONFLICT (rating_id) DO NOTHING$$),
  ('11.4', '6.3: a rating, again', '', 'runs', '',
   $$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, device, source)
     VALUES (current_setting('verify.new_rating')::uuid, current_setting('verify.s3'),
       current_setting('verify.a')::uuid, 4, '{upsert}', 'again', 'mobile', 'manual')
     ON CONFLICT (rating_id) DO NOTHING$$),
  ('11.4', '6.3: a rating is there once', '', 'equal', '1',
   $$SELECT count(*), count(*) || ' row after two upserts'
     FROM diary.ratings WHERE rating_id = current_setting('verify.new_rating')::uuid$$),
  ('11.4', 'a repeated rating counts once', '', 'equal', '1',
   $$SELECT n, 'analytics.segment_state has n = ' || n FROM analytics.segment_state
     WHERE segment_id = current_setting('verify.s3')$$),
  ('11.4', 'the server''s way: a rating is stored', 'app', 'equal', 'created',
   $$SELECT outcome, 'diary.submit_ratings says: ' || outcome
     FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0,
       'rating_id', current_setting('verify.a'), 'segment_id', current_setting('verify.s3'),
       'user_id', current_setting('verify.b'), 'rating', 4, 'tags', json_build_array(),
       'submitted_at', now(), 'timed', true, 'status', 'accepted')), 20)$$),
  ('11.4', 'the server''s way: its repetition is told apart', 'app', 'equal', 'repeated',
   $$SELECT outcome, 'diary.submit_ratings says: ' || outcome
     FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0,
       'rating_id', current_setting('verify.a'), 'segment_id', current_setting('verify.s3'),
       'user_id', current_setting('verify.b'), 'rating', 4, 'tags', json_build_array(),
       'submitted_at', now(), 'timed', true, 'status', 'accepted')), 20)$$),
  ('11.4', 'the server''s way: a vote is stored', 'app', 'equal', 'created',
   $$SELECT outcome, 'diary.submit_votes says: ' || outcome
     FROM diary.submit_votes(json_build_array(json_build_object('i', 0, 'vote_id', current_setting('verify.a'),
       'segment_id', current_setting('verify.s3'), 'user_id', current_setting('verify.b'), 'action', 'safer',
       'submitted_at', now(), 'timed', true)), 50)$$),
  ('11.4', 'the server''s way: a vote''s repetition is told apart', 'app', 'equal', 'repeated',
   $$SELECT outcome, 'diary.submit_votes says: ' || outcome
     FROM diary.submit_votes(json_build_array(json_build_object('i', 0, 'vote_id', current_setting('verify.a'),
       'segment_id', current_setting('verify.s3'), 'user_id', current_setting('verify.b'), 'action', 'safer',
       'submitted_at', now(), 'timed', true)), 50)$$)
