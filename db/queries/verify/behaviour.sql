-- Beyond the ten criteria: what else the specification and its corrections promise of behaviour.
VALUES
  ('3.1', 'streets that meet share a node', '', 'equal', 't',
   $$SELECT a.target_node = b.source_node, 'node ' || a.target_node FROM diary.segments a, diary.segments b
     WHERE a.segment_id = current_setting('verify.s1') AND b.segment_id = current_setting('verify.s2')$$),
  ('3.1', 'and no longer when one is moved away', '', 'equal', 'f',
   $$UPDATE diary.segments b SET geometry = ST_Translate(b.geometry, 0, 1) FROM diary.segments a
     WHERE a.segment_id = current_setting('verify.s1') AND b.segment_id = current_setting('verify.s2')
     RETURNING a.target_node = b.source_node, 'nodes ' || a.target_node || ' and ' || b.source_node$$),
  ('3.2', 'a second rating 59 minutes away is refused', '', 'refused', '23505 unique_rating_per_hour',
   $$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
     VALUES (current_setting('verify.s1'), current_setting('verify.a')::uuid, 4, now() - interval '59 minutes')$$),
  ('3.2', 'one 61 minutes away is taken', '', 'runs', '',
   $$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
     VALUES (current_setting('verify.s1'), current_setting('verify.a')::uuid, 4, now() - interval '61 minutes')$$),
  ('3.3', 'a second vote 23 hours away is refused', '', 'refused', '23505 unique_vote_per_day',
   $$INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at)
     VALUES (current_setting('verify.s2'), current_setting('verify.a')::uuid, 'agree', 3,
       now() - interval '23 hours')$$),
  ('3.3', 'one 25 hours away is taken', '', 'runs', '',
   $$INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at)
     VALUES (current_setting('verify.s2'), current_setting('verify.a')::uuid, 'agree', 3,
       now() - interval '25 hours')$$),
  ('3.3', 'another action is taken', '', 'runs', '',
   $$INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at)
     VALUES (current_setting('verify.s2'), current_setting('verify.a')::uuid, 'safer', 3, now() - interval '0')$$),
  ('3.3', 'a vote keeps the precision of the score', '', 'equal', '3.2345',
   $$SELECT implicit_rating, 'stored as ' || implicit_rating FROM diary.votes
     WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('3.4', 'a route''s streets are mirrored', '', 'equal', '2 and 1',
   $$SELECT count(*) FILTER (WHERE NOT is_alt) || ' and ' || count(*) FILTER (WHERE is_alt), 'first and other way'
     FROM diary.route_segments WHERE route_id = current_setting('verify.route')::uuid$$),
  ('5.2', '100 m of a 3.0 at weight 0.5 cost 120', '', 'equal', '120',
   $$SELECT trim_scale(calculate_segment_cost(100, 3.0, 0.5)), 'calculate_segment_cost(100, 3.0, 0.5)'$$),
  ('5.2', 'the weight is 0.5 unless given', '', 'equal', '120',
   $$SELECT trim_scale(calculate_segment_cost(100, 3.0)), 'calculate_segment_cost(100, 3.0)'$$),
  ('5.2', 'a negative weight is none', '', 'equal', '100',
   $$SELECT trim_scale(calculate_segment_cost(100, 1.0, -1)), 'calculate_segment_cost(100, 1.0, -1)'$$),
  ('5.2', 'an unknown score is 3.0', '', 'equal', '120',
   $$SELECT trim_scale(calculate_segment_cost(100, NULL, 0.5)), 'calculate_segment_cost(100, NULL, 0.5)'$$),
  ('5.2', 'the query as printed', '', 'runs', '',
   $$SELECT segment_id, calculate_segment_cost(length_m, decayed_mean, 0.5) AS cost
     FROM analytics.segment_aggregates LIMIT 1$$),
  ('10.1', 'the server''s role stores no rating past the functions', 'app', 'refused', '42501',
   $$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
     VALUES (current_setting('verify.s1'), current_setting('verify.a')::uuid, 4, now() - interval '5 hours')$$),
  ('10.1', 'it changes none', 'app', 'refused', '42501',
   $$UPDATE diary.ratings SET rating = 1
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('10.1', 'it deletes none', 'app', 'refused', '42501',
   $$DELETE FROM diary.ratings
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('10.1', 'it reads no password hash', 'app', 'refused', '42501',
   $$SELECT password_hash FROM auth.users LIMIT 1$$),
  ('10.1', 'it makes nothing', 'app', 'refused', '42501',
   $$CREATE TABLE diary.verify ()$$),
  ('12.4', 'a rating moves the live score at once', '', 'equal', '2',
   $$SELECT n_samples, 'decayed_mean = ' || decayed_mean || ', n_eff = ' || n_eff || ', n_samples = ' || n_samples
     FROM analytics.segment_live WHERE segment_id = current_setting('verify.s1')$$),
  ('12.4', 'the live sums equal a recount', '', 'equal', '0',
   $$SELECT count(*), count(*) || ' differences' || COALESCE(', first ' || min(segment_id || ': ' || what), '')
     FROM analytics.drift$$),
  ('12.5', 'a changed street is told to those who follow', '', 'equal', 't',
   $$SELECT changed_xid = pg_current_xact_id() AND NOT is_deleted, 'changed by ' || changed_xid
     FROM analytics.segment_change WHERE segment_id = current_setting('verify.s1')$$),
  ('12.5', '', '', 'runs', '',
   $$SELECT set_config('verify.synced', COALESCE(analytics.sync_segments(format('%1$s:%1$s:', pg_current_xact_id())::pg_snapshot)::text, ''), true)$$),
  ('12.5', 'the streets'' own columns are brought up to it', '', 'equal', 'true',
   $$SELECT CASE WHEN current_setting('verify.synced') = '' THEN 'note'
            ELSE (g.decayed_mean = round(l.decayed_mean, 2))::text END,
       'diary.segments has ' || g.decayed_mean || ', live ' || l.decayed_mean
       || CASE WHEN current_setting('verify.synced') = '' THEN '; a server is at it at this moment' ELSE '' END
     FROM analytics.segment_live l JOIN diary.segments g USING (segment_id)
     WHERE segment_id = current_setting('verify.s1')$$)
