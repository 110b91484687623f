-- The same user on the same street within an hour, or voting the same within a day: once. Many sessions at once are
-- tested in tests/db/duplicates_test.cpp.
\ir fixture.psql
SELECT plan(45);

-- Ann's rating of s1 and her vote; `after` is how much later the second comes.
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at)
VALUES ('20000000-0000-4000-8000-000000000001', 's1', pg_temp.ann(), 3, '2026-01-31 23:40+00');
INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at)
VALUES ('30000000-0000-4000-8000-000000000001', 's1', pg_temp.ann(), 'agree', 3, '2026-01-31 23:40+00');
CREATE FUNCTION pg_temp.rating_after(after interval, but jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.outcome(pg_temp.insert_good('diary.ratings', jsonb_build_object('submitted_at',
    quote_literal(timestamptz '2026-01-31 23:40+00' + after)) || but))
$$;
CREATE FUNCTION pg_temp.vote_after(after interval, but jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.outcome(pg_temp.insert_good('diary.votes', jsonb_build_object('submitted_at',
    quote_literal(timestamptz '2026-01-31 23:40+00' + after)) || but))
$$;

SELECT is(pg_temp.rating_after(after::interval), expected, 'a rating ' || after || ' later') FROM (VALUES
  ('0', '23505 unique_rating_per_hour'), ('0.000001 seconds', '23505 unique_rating_per_hour'),
  ('2 minutes', '23505 unique_rating_per_hour'), ('20 minutes', '23505 unique_rating_per_hour'),   -- the next month
  ('40 minutes', '23505 unique_rating_per_hour'), ('59 minutes 59.999999 seconds', '23505 unique_rating_per_hour'),
  ('1 hour', '1 rows'), ('1 day', '1 rows'),
  ('-59 minutes 59.999999 seconds', '23505 unique_rating_per_hour'), ('-1 hour', '1 rows')) v(after, expected);
SELECT is(pg_temp.rating_after('1 minute', '{"user_id": "pg_temp.ben()"}'), '1 rows', 'another user');
SELECT is(pg_temp.rating_after('1 minute', $${"segment_id": "'s2'"}$$), '1 rows', 'another street');
SELECT is(pg_temp.rating_after('1 minute', $${"status": "'pending_review'"}$$), '23505 unique_rating_per_hour',
          'one to be reviewed counts');
SELECT is(pg_temp.rating_after('1 minute', $${"status": "'rejected'"}$$), '1 rows', 'a rejected one does not');

-- The hour rolls: it is not the clock's.
INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ('s2', pg_temp.ann(), 3,
  '2026-02-01 10:59+00');
SELECT is(pg_temp.outcome(pg_temp.insert_good('diary.ratings',
          jsonb_build_object('segment_id', $$'s2'$$, 'submitted_at', at))),
          expected, at)
FROM (VALUES ($$'2026-02-01 11:01+00'$$, '23505 unique_rating_per_hour'),
  ($$'2026-02-01 10:01+00'$$, '23505 unique_rating_per_hour'),
             ($$'2026-02-01 11:59+00'$$, '1 rows'), ($$'2026-02-01 09:59+00'$$, '1 rows')) v(at, expected);

-- What was rejected gives way, and does not come back beside its successor.
SAVEPOINT rejected;
UPDATE diary.ratings SET status = 'rejected' WHERE segment_id = 's1';
SELECT pg_temp.rating_after('1 minute') AS later \gset
INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES ('s1', pg_temp.ann(), 4,
  '2026-01-31 23:41+00');
SELECT pg_temp.outcome($$UPDATE diary.ratings SET status = 'accepted' WHERE status = 'rejected'$$) AS back \gset
ROLLBACK TO rejected;
SELECT is(:'later'::text, '1 rows', 'a rejected rating is no obstacle');
SELECT is(:'back'::text, '23505 unique_rating_per_hour', 'nor may it come back beside the next');
SELECT is(pg_temp.outcome($$UPDATE diary.ratings SET segment_id = 's1',
          submitted_at = '2026-02-01 00:20+00' WHERE segment_id = 's2'$$),
          '23505 unique_rating_per_hour', 'an update makes no duplicate either');
SELECT is(pg_temp.outcome($$UPDATE diary.ratings SET comment = 'seen'$$), '2 rows', 'a row is no duplicate of itself');

-- Statements of many rows: one duplicate refuses all.
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
                            SELECT 's3', pg_temp.ann(), 3, timestamptz '2026-02-01 10:00+00' + i * interval '59 minutes'
                            FROM generate_series(0, 1) i$$), '23505 unique_rating_per_hour', 'two of one statement');
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
                            SELECT 's3', pg_temp.ann(), 3, timestamptz '2026-02-01 10:00+00' + i * interval '1 hour'
                            FROM generate_series(0, 9) i$$), '10 rows', 'ten an hour apart');
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at) VALUES
                            ('s3', pg_temp.ann(), 3, '2026-02-01 10:00+00'),
                            ('s1', pg_temp.ann(), 3, '2026-02-01 00:00+00')$$),
          '23505 unique_rating_per_hour', 'one good and one bad');
SELECT is((SELECT count(*) FROM diary.ratings WHERE segment_id = 's3'), 0::bigint, 'neither is stored');

-- Retries under the same id are not duplicates, and store nothing.
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at)
                            VALUES ('20000000-0000-4000-8000-000000000001', 's1', pg_temp.ann(), 3,
                            '2026-01-31 23:40+00')
                            ON CONFLICT (rating_id) DO NOTHING$$), '0 rows', 'a retry');
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at)
                            VALUES ('20000000-0000-4000-8000-000000000001', 's1', pg_temp.ann(), 3,
                            '2026-01-31 23:41+00')
                            ON CONFLICT DO NOTHING$$), '0 rows', 'a retry with the time of the retry');
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
                            VALUES ('s1', pg_temp.ann(), 3, '2026-01-31 23:41+00') ON CONFLICT DO NOTHING$$),
          '23505 unique_rating_per_hour', 'a new id is no retry');

-- Votes: 24 hours, for each action.
SELECT is(pg_temp.vote_after(after::interval), expected, 'a vote ' || after || ' later') FROM (VALUES
  ('0', '23505 unique_vote_per_day'), ('1 hour', '23505 unique_vote_per_day'),
  ('23 hours 59 minutes 59.999999 seconds', '23505 unique_vote_per_day'), ('24 hours', '1 rows'),
  ('-23 hours 59 minutes 59.999999 seconds', '23505 unique_vote_per_day'), ('-24 hours', '1 rows')) v(after, expected);
SELECT is(pg_temp.vote_after('1 minute', $${"action": "'safer'"}$$), '1 rows', 'another action');
INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating, submitted_at)
VALUES ('s1', pg_temp.ann(), 'agree', 3, '2026-02-10 12:00+00');
SELECT is(pg_temp.outcome($$UPDATE diary.votes SET submitted_at = '2026-02-09 12:00+00'
                            WHERE submitted_at > '2026-02-10'$$),
          '1 rows', 'a vote''s time may change');
SELECT is(pg_temp.outcome($$UPDATE diary.votes SET submitted_at = '2026-02-01 12:00+00'
                            WHERE submitted_at > '2026-02-10'$$),
          '23505 unique_vote_per_day', 'but makes no duplicate');
SELECT is(pg_temp.vote_after('1 minute', '{"user_id": "pg_temp.ben()"}'), '1 rows', 'another user''s vote');
SELECT is(pg_temp.vote_after('1 minute', $${"segment_id": "'s2'"}$$), '1 rows', 'another street''s vote');

-- A batch of the server's looks for itself, and leaves to the triggers what it should never hold: the same twice.
CREATE FUNCTION pg_temp.batch(VARIADIC users uuid[]) RETURNS json LANGUAGE sql AS $$
  SELECT json_agg(json_build_object('i', n, 'g', n, 'rating_id', uuid_generate_v4(), 'segment_id', 's2', 'user_id', u,
                                    'rating', 3, 'tags', '{}'::text[], 'submitted_at', now(), 'status', 'accepted'))
  FROM unnest(users) WITH ORDINALITY v(u, n)
$$;
SELECT is(pg_temp.outcome('SELECT FROM diary.submit_ratings(pg_temp.batch(pg_temp.ben(), pg_temp.ben()), 20)'),
          '23505 unique_rating_per_hour', 'twice in one batch');
SELECT is(pg_temp.outcome('SELECT FROM diary.submit_ratings(pg_temp.batch(pg_temp.ben(), pg_temp.ann()), 20)'),
          '2 rows', 'two users in one batch');
SELECT is((SELECT outcome FROM diary.submit_ratings(pg_temp.batch(pg_temp.ben()), 20)), 'created', 'the first');
SELECT is((SELECT outcome FROM diary.submit_ratings(pg_temp.batch(pg_temp.ben()), 20)), 'duplicate', 'once more');
SELECT is(pg_temp.outcome($$INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s2', pg_temp.ben(), 4)$$),
          '23505 unique_rating_per_hour', 'what comes after a batch is looked at by the triggers again');

SELECT * FROM finish();
ROLLBACK;
