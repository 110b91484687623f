-- Ratings taken back and ratings judged: what the scores, the months, the audit log and later submissions make of it.
\ir fixture.psql
SELECT plan(48);

CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT ('20000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
-- As the server submits it; the outcome.
CREATE FUNCTION pg_temp.submit(n int, seg text DEFAULT 's1', route uuid DEFAULT NULL, per_hour int DEFAULT 20)
RETURNS text LANGUAGE sql AS $$
  SELECT outcome FROM diary.submit_ratings(json_build_array(json_build_object('i', 1, 'g', 1, 'rating_id',
    pg_temp.id(n), 'segment_id', seg, 'route_id', route, 'user_id', pg_temp.ann(), 'rating', 1, 'tags',
    '["dark"]'::json, 'submitted_at', now(), 'timed', false, 'status', 'accepted')), per_hour)
$$;
CREATE FUNCTION pg_temp.score() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', n_samples, round(decayed_mean, 4), n_30d, n_60d, NULLIF(array_to_string(top_tags, ','), ''))
  FROM analytics.segment_live WHERE segment_id = 's1' $$;
CREATE FUNCTION pg_temp.drift() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM analytics.drift';
CREATE FUNCTION pg_temp.last_audit() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', table_name, operation, old_data ->> 'status', new_data ->> 'status',
                   new_data ->> 'moderation_reason', 'of', left(user_id::text, 1), 'by', left(actor_id::text, 1))
  FROM audit.log ORDER BY log_id DESC LIMIT 1 $$;

-- Taking back.
SELECT is(pg_temp.submit(1), 'created', 'Ann rates');
SELECT is(pg_temp.score(), '1 2.6667 1 0 dark', 'it counts');
SELECT pg_temp.act_as(pg_temp.ben()::text) \gset
SELECT is(diary.withdraw_rating(pg_temp.id(1)), 0, 'Ben has none such');
SELECT pg_temp.act_as('') \gset
SELECT is(diary.withdraw_rating(pg_temp.id(1)), 0, 'nobody has none');
SELECT is(pg_temp.score(), '1 2.6667 1 0 dark', 'and nothing happened');
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
SELECT is(diary.withdraw_rating(pg_temp.id(1)), 1, 'Ann takes it back');
SELECT is(pg_temp.score(), '0 3.0000 0 0', 'it does not count any more');
SELECT is(pg_temp.last_audit(), 'diary.ratings DELETE accepted of a by a', 'the audit log has it');
SELECT is(diary.withdraw_rating(pg_temp.id(1)), 0, 'once');
SELECT is(diary.withdraw_rating(NULL), 0, 'no id, no rating');
SELECT is(pg_temp.submit(1), 'withdrawn', 'a late retry does not bring it back');
SELECT is(pg_temp.score(), '0 3.0000 0 0', 'indeed not');
SELECT is(pg_temp.submit(2), 'created', 'a new one may come within the hour');
SELECT is(pg_temp.submit(3, 's2', NULL, 2), 'limited', 'the one taken back counts among those of the hour');
SELECT is(pg_temp.submit(3, 's2', NULL, 3), 'created', 'once');
SELECT is(pg_temp.drift(), 0::bigint, 'sums are those of a recount');

-- A rated route.
RESET ROLE;
INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, geometry, length_m, duration_min) VALUES
  (pg_temp.id(90), pg_temp.ann(), 'Home', '{s1,s3}', 'SRID=4326;LINESTRING(-75.160 39.950,-75.157 39.950)', 255, 3);
INSERT INTO diary.ratings (rating_id, route_id, segment_id, user_id, rating, submitted_at)
SELECT uuid_generate_v5(pg_temp.id(91), s), pg_temp.id(90), s, pg_temp.ann(), 4, now() - interval '3 hours'
FROM unnest(ARRAY['s1', 's3']) s;
SELECT is(diary.withdraw_rating(uuid_generate_v5(pg_temp.id(91), 's3')), 1, 'one street of a rated route');
SELECT is(diary.withdraw_rating(pg_temp.id(91)), 1, 'the rest of it, by the id that it was submitted under');
SELECT is((SELECT count(*) FROM diary.ratings WHERE route_id = pg_temp.id(90)), 0::bigint, 'nothing is left');
SELECT is((SELECT count(*) FROM diary.withdrawn_ratings WHERE route_id = pg_temp.id(90)), 2::bigint, 'both are known');
SELECT is((SELECT count(DISTINCT (route_id, submitted_at)) FROM diary.withdrawn_ratings
           WHERE route_id = pg_temp.id(90)), 1::bigint, 'as one submission');
SELECT is(pg_temp.drift(), 0::bigint, 'sums are those of a recount');

-- Judging: by a moderator, who is Ben.
DELETE FROM diary.ratings;
SELECT pg_temp.act_as(pg_temp.ben()::text) \gset
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, status, submitted_at, received_at)
SELECT pg_temp.id(n), 's1', pg_temp.ann(), 5, '{lit}', 'pending_review', at, at
FROM (VALUES (11, now() - interval '2 hours'), (12, now() - interval '40 days'), (13, now() - interval '100 days'),
             (14, now() - interval '200 days')) v(n, at);
SELECT is(pg_temp.score(), '0 3.0000 0 0', 'what waits does not count');
SELECT is(diary.moderate_rating(pg_temp.id(99), 'accepted', NULL), NULL, 'no such rating');
SELECT is(diary.moderate_rating(NULL, 'accepted', NULL), NULL, 'no id');
SELECT is(diary.moderate_rating(pg_temp.id(11), 'accepted', NULL), 'pending_review', 'accepted: as it was before');
SELECT is(pg_temp.last_audit(), 'diary.ratings UPDATE pending_review accepted of a by b', 'by the moderator');
SELECT is((SELECT round(n_eff, 4) FROM analytics.segment_live WHERE segment_id = 's1'),
          round(power(0.5, 2 / 24.0 / 21), 4), 'it weighs what two hours of age leave');
SELECT is(diary.moderate_rating(pg_temp.id(12), 'accepted', 'fine'), 'pending_review', 'one of 40 days ago');
SELECT is((SELECT concat_ws(' ', n_samples, n_30d, n_60d) FROM analytics.segment_live WHERE segment_id = 's1'), '2 1 1',
          'counts in the month before the last');
SELECT is((SELECT round(n_eff, 4) FROM analytics.segment_live WHERE segment_id = 's1'),
          round(power(0.5, 2 / 24.0 / 21) + power(0.5, 40 / 21.0), 4), 'with the weight of its age');
SELECT is(diary.moderate_rating(pg_temp.id(13), 'accepted', NULL), 'pending_review', 'one of 100 days');
SELECT is(diary.moderate_rating(pg_temp.id(14), 'accepted', NULL), 'pending_review', 'one of 200 days');
SELECT is((SELECT concat_ws(' ', n_samples, n_30d, n_60d) FROM analytics.segment_live WHERE segment_id = 's1'), '3 1 1',
          'is too old to count');
SELECT is(pg_temp.drift(), 0::bigint, 'sums are those of a recount');
CREATE TEMP TABLE audited AS SELECT max(log_id) AS upto FROM audit.log;
SELECT is(diary.moderate_rating(pg_temp.id(11), 'accepted', NULL), 'accepted', 'the same again');
SELECT is((SELECT max(log_id) FROM audit.log), (SELECT upto FROM audited), 'changes nothing');
SELECT is(diary.moderate_rating(pg_temp.id(12), 'rejected', 'a name in it'), 'accepted', 'taken out again');
SELECT is(pg_temp.last_audit(), 'diary.ratings UPDATE accepted rejected a name in it of a by b', 'with the reason');
SELECT is(diary.moderate_rating(pg_temp.id(13), 'pending_review', NULL), 'accepted', 'or to be looked at again');
SELECT is((SELECT concat_ws(' ', n_samples, n_30d, n_60d) FROM analytics.segment_live WHERE segment_id = 's1'), '1 1 0',
          'neither counts');
SELECT is(pg_temp.drift(), 0::bigint, 'sums are those of a recount');
-- A rejected one leaves room for another within the hour, which it must not come to stand beside.
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at)
SELECT pg_temp.id(15), 's1', pg_temp.ann(), 2, submitted_at + interval '59 minutes' FROM diary.ratings
WHERE rating_id = pg_temp.id(12);
SELECT throws_ok($$SELECT diary.moderate_rating(pg_temp.id(12), 'accepted', NULL)$$, '23505', NULL,
                 'no two within the hour');
SELECT is(diary.moderate_rating(pg_temp.id(15), 'rejected', NULL), 'accepted', 'the other first');
SELECT is(diary.moderate_rating(pg_temp.id(12), 'accepted', NULL), 'rejected', 'then this one');
SELECT is(pg_temp.drift(), 0::bigint, 'sums are those of a recount');

-- The server's role may do it so, and in no other way.
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.outcome($$SELECT diary.withdraw_rating(pg_temp.id(12))$$), '1 rows', 'the server may');
SELECT is(pg_temp.outcome($$SELECT * FROM diary.withdrawn_ratings$$), '42501', 'but not read who took what back');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
