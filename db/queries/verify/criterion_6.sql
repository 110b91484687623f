-- Criterion 6: no orphans. Each foreign key refuses one; what is deleted takes along what it must and no more.
VALUES
  ('11.6', 'a rating of no street', '', 'refused', '23503 ratings_segment_id_fkey',
   $$UPDATE diary.ratings SET segment_id = 'verify-nowhere'
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.6', 'a rating of nobody', '', 'refused', '23503 ratings_user_id_fkey',
   $$UPDATE diary.ratings SET user_id = gen_random_uuid()
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.6', 'a rating of no route', '', 'refused', '23503 ratings_route_id_fkey',
   $$UPDATE diary.ratings SET route_id = gen_random_uuid()
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.6', 'a vote on no street', '', 'refused', '23503 votes_segment_id_fkey',
   $$UPDATE diary.votes SET segment_id = 'verify-nowhere'
     WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('11.6', 'a vote of nobody', '', 'refused', '23503 votes_user_id_fkey',
   $$UPDATE diary.votes SET user_id = gen_random_uuid()
     WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('11.6', 'a route of nobody', '', 'refused', '23503 routes_user_id_fkey',
   $$WITH nobody AS MATERIALIZED (SELECT set_config('app.user_id', gen_random_uuid()::text, true) AS id)
     INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min)
     SELECT id::uuid, 'Verify', ARRAY[current_setting('verify.s1')],
       ST_GeomFromText('LINESTRING(-123.393 -48.876, -123.391 -48.876)', 4326), 140, 2 FROM nobody$$),
  ('11.6', 'a route over no street', '', 'refused', '23503 route_segments_segment_id_fkey',
   $$UPDATE diary.routes SET segment_ids = '{verify-nowhere}'
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.6', 'an alternative over no street', '', 'refused', '23503 route_segments_segment_id_fkey',
   $$UPDATE diary.routes SET alt_segment_ids = '{verify-nowhere}'
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.6', 'a rating that nobody took back', '', 'refused', '23503 withdrawn_ratings_user_id_fkey',
   $$INSERT INTO diary.withdrawn_ratings (id, user_id, submitted_at, received_at)
     VALUES (current_setting('verify.rating')::uuid, '00000000-0000-4000-8000-000000000000', now(), now())$$),
  ('11.6', 'a former score of no street', '', 'refused', '23503 score_history_segment_id_fkey',
   $$INSERT INTO analytics.score_history (segment_id, at, decayed_mean, n_eff)
     VALUES ('verify-nowhere', now(), 3, 1)$$),
  ('11.6', 'streets of no route', '', 'refused', '23503 route_segments_route_id_fkey',
   $$INSERT INTO diary.route_segments (route_id, is_alt, seq, segment_id)
     VALUES (gen_random_uuid(), false, 1, current_setting('verify.s1'))$$),
  ('11.6', 'a state of no street', '', 'refused', '23503 segment_state_segment_id_fkey',
   $$INSERT INTO analytics.segment_state (segment_id) VALUES ('verify-nowhere')$$),
  ('11.6', 'tags of no street', '', 'refused', '23503 segment_tag_segment_id_fkey',
   $$INSERT INTO analytics.segment_tag (segment_id, tag, n) VALUES ('verify-nowhere', 'x', 1)$$),
  ('11.6', 'a street under a route cannot go', '', 'refused', '23503 route_segments_segment_id_fkey',
   $$DELETE FROM diary.segments WHERE segment_id = current_setting('verify.s1')$$),
  ('11.6', '', '', 'runs', '',
   $$DELETE FROM diary.routes
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.6', 'a deleted route leaves its ratings, without it', '', 'equal', '1',
   $$SELECT count(*), count(*) || ' rating left, its route_id NULL' FROM diary.ratings
     WHERE rating_id = current_setting('verify.rating')::uuid AND route_id IS NULL$$),
  ('11.6', 'a deleted route takes its list of streets', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows left' FROM diary.route_segments
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.6', '', '', 'runs', '',
   $$UPDATE diary.routes SET segment_ids = ARRAY[current_setting('verify.s2')]
     WHERE route_id = current_setting('verify.open_route')::uuid$$),
  ('11.6', '', '', 'runs', '',
   $$DELETE FROM diary.segments WHERE segment_id = current_setting('verify.s1')$$),
  ('11.6', 'a deleted street takes its ratings', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows left' FROM diary.ratings
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.6', 'a deleted street takes its state and tags', '', 'equal', '0, 0',
   $$SELECT (SELECT count(*) FROM analytics.segment_state WHERE segment_id = current_setting('verify.s1')) || ', '
       || (SELECT count(*) FROM analytics.segment_tag WHERE segment_id = current_setting('verify.s1'))$$),
  ('11.6', '', '', 'runs', '',
   $$DELETE FROM auth.users WHERE user_id IN (current_setting('verify.a')::uuid, current_setting('verify.b')::uuid)$$),
  ('11.6', 'a deleted person takes their routes', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows left' FROM diary.routes
     WHERE route_id = current_setting('verify.open_route')::uuid$$),
  ('11.6', 'a deleted person takes their ratings', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows left' FROM diary.ratings
     WHERE rating_id = current_setting('verify.other_rating')::uuid$$),
  ('11.6', 'a deleted person takes their votes', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows left' FROM diary.votes
     WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('11.6', 'and the score forgets them', '', 'equal', '0',
   $$SELECT n, 'n = ' || n || ', w = ' || w FROM analytics.segment_state
     WHERE segment_id = current_setting('verify.s2')$$)
