-- The helper functions of specification 5, its queries of 5.2 and 7.1 word for word, and what a vote is worth.
\ir fixture.psql
SELECT plan(24);

SET LOCAL ROLE diary_app;
SELECT is(round(calculate_segment_cost(100, rating, weight), 6), cost,
          format('cost of 100 m rated %s at weight %s', COALESCE(rating::text, 'never'), weight))
FROM (VALUES
  (5.0, 0.5, 100.0), (1.0, 0.5, 140.0), (3.0, 0.5, 120.0), (2.5, 0.8, 140.0), (1.0, 1.0, 180.0), (1.0, 0.0, 100.0),
  (1.0, -0.5, 100.0), (1.0, -1000.0, 100.0),   -- a negative weight would make danger cheap
  (NULL, 0.5, 120.0)) v(rating, weight, cost);   -- nobody knows: 3.0
SELECT is(calculate_segment_cost(100, 1.0), calculate_segment_cost(100, 1.0, 0.5), 'the weight is 0.5 unless given');
SELECT is(round(calculate_segment_cost(length_m => 100, decayed_mean => 1.0, safety_weight => 1), 6), 180.0,
          'parameters by name');
SELECT is(calculate_segment_cost(NULL, 3), NULL, 'no length, no cost');

-- 5.2 and 7.1, as printed.
RESET ROLE;
INSERT INTO auth.users (user_id, email, password_hash)
SELECT ('c0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'c' || n || '@example.org',
  'x' FROM generate_series(1, 20) n;
INSERT INTO diary.ratings (segment_id, user_id, rating) SELECT 's1', user_id, 5 FROM auth.users WHERE email LIKE 'c%';
INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s2', pg_temp.ann(), 5);
SET LOCAL ROLE diary_app;
SELECT analytics.sync_segments() \g /dev/null
SELECT analytics.refresh_view('segment_aggregates') \g /dev/null
PREPARE costs AS
SELECT segment_id, calculate_segment_cost(length_m, decayed_mean, 0.5) AS cost
FROM analytics.segment_aggregates;
SELECT results_eq($$SELECT segment_id::text, round(cost, 3) FROM (SELECT segment_id,
                  calculate_segment_cost(length_m, decayed_mean, 0.5) AS cost
                    FROM analytics.segment_aggregates) c ORDER BY 1$$,
                  $$VALUES ('s1', 88.4), ('s2', 99.195), ('s3', 102.0)$$, '5.2 costs what the scores say');
SELECT lives_ok('costs', '5.2 as printed');
PREPARE in_box AS
SELECT * FROM diary.segments
WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.20, 39.90, -75.10, 40.00, 4326))
  AND confidence >= 0.5
LIMIT 100;
SELECT results_eq('in_box', $$SELECT * FROM diary.segments WHERE segment_id = 's1'$$, '7.1 finds what many have rated');
SELECT lives_ok($$EXPLAIN (ANALYZE, BUFFERS)
SELECT * FROM diary.segments
WHERE ST_Intersects(geometry, ST_MakeEnvelope(-75.20, 39.90, -75.10, 40.00, 4326))
  AND confidence >= 0.5
LIMIT 100;$$, '7.1 as printed');

-- Agreeing with a score does not move it: a vote has all digits of it.
CREATE FUNCTION pg_temp.vote(who uuid, how text) RETURNS numeric LANGUAGE sql AS $$
  SELECT implicit_rating FROM diary.submit_votes(json_build_array(json_build_object('i', 1, 'vote_id',
  uuid_generate_v4(),
    'segment_id', 's2', 'user_id', who, 'action', how, 'submitted_at', now())), 50)
$$;
CREATE TEMP TABLE before AS SELECT decayed_mean, n_eff FROM analytics.segment_live WHERE segment_id = 's2';
SELECT is((SELECT round(decayed_mean, 6) FROM before), round(20 / 6.0, 6), 'a score with many digits');
SELECT is(pg_temp.vote(pg_temp.ann(), 'agree'), (SELECT decayed_mean FROM before), 'agreeing is worth the score');
SELECT cmp_ok((SELECT abs(l.decayed_mean - b.decayed_mean) FROM analytics.segment_live l,
              before b WHERE segment_id = 's2'), '<=', 1e-12, 'and does not move it');
SELECT is((SELECT round(l.n_eff - b.n_eff, 6) FROM analytics.segment_live l, before b WHERE segment_id = 's2'), 1.0,
          'it counts');
SELECT is(round(pg_temp.vote(pg_temp.ben(), 'safer'), 12), (SELECT round(LEAST(decayed_mean + 1, 5), 12) FROM before),
          'safer is worth one more');
SELECT cmp_ok((SELECT l.decayed_mean FROM analytics.segment_live l WHERE segment_id = 's2'), '>',
              (SELECT decayed_mean FROM before), 'and moves it up');
RESET ROLE;
-- Where the transaction acts for whom.
SELECT pg_temp.act_as(upper(pg_temp.ann()::text)) \gset
SELECT is(auth.current_user_id(), pg_temp.ann(), 'current_user_id reads an id in any case');
SELECT pg_temp.act_as('ann') \gset
SELECT is(auth.current_user_id(), NULL, 'and nothing else');

SELECT * FROM finish();
ROLLBACK;
