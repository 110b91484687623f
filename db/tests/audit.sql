-- The audit log (specification 10.2, as corrected): who did what, and that nobody can say otherwise afterwards.
\ir fixture.psql
SELECT plan(52);

CREATE FUNCTION pg_temp.name_of(id text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE id WHEN pg_temp.ann()::text THEN 'Ann' WHEN pg_temp.ben()::text THEN 'Ben' ELSE COALESCE(id, 'nobody') END
$$;
-- What was logged since the last call: table, operation, whose row, by whom, which of the two rows.
CREATE TEMP TABLE read_upto AS SELECT COALESCE(max(log_id), 0) AS log_id FROM audit.log;
CREATE FUNCTION pg_temp.logged() RETURNS text LANGUAGE sql AS $$
  WITH upto AS (UPDATE read_upto SET log_id = (SELECT COALESCE(max(log_id), 0) FROM audit.log) RETURNING 1)
  SELECT COALESCE(string_agg(format('%s %s of %s by %s:%s%s', table_name, operation, pg_temp.name_of(user_id::text),
                                    pg_temp.name_of(actor_id::text), CASE WHEN old_data IS NOT NULL THEN ' old' END,
                                    CASE WHEN new_data IS NOT NULL THEN ' new' END),
                             ', ' ORDER BY table_name, l.log_id), '')
  FROM audit.log l, upto WHERE l.log_id > (SELECT log_id FROM read_upto)
$$;

SELECT is((SELECT count(*) FROM audit.log WHERE table_name = 'auth.users' AND operation = 'INSERT'
          AND actor_id IS NULL), 2::bigint, 'at psql nobody acts');

-- Each table, each operation.
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, comment)
VALUES ('20000000-0000-4000-8000-000000000001', 's1', pg_temp.ann(), 3, 'dark');
SELECT is(pg_temp.logged(), 'diary.ratings INSERT of Ann by Ann: new', 'a rating');
SELECT pg_temp.act_as(pg_temp.ben()::text) \gset
UPDATE diary.ratings SET status = 'rejected';
SELECT is(pg_temp.logged(), 'diary.ratings UPDATE of Ann by Ben: old new', 'its rejection by another');
SELECT results_eq($$SELECT old_data ->> 'status', new_data ->> 'status', old_data ->> 'comment',
                           new_data ->> 'rating_id'
                    FROM audit.log ORDER BY log_id DESC LIMIT 1$$,
                  $$VALUES ('accepted', 'rejected', 'dark', '20000000-0000-4000-8000-000000000001')$$,
                  'with the old row and the new');
UPDATE diary.ratings SET comment = 'x' WHERE rating = 1;
SELECT is(pg_temp.logged(), '', 'a statement that finds no row leaves none');
INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s2', pg_temp.ann(), 1), ('s2', pg_temp.ben(), 2);
SELECT is(pg_temp.logged(), 'diary.ratings INSERT of Ann by Ben: new, diary.ratings INSERT of Ben by Ben: new',
          'each row of a statement');
UPDATE diary.ratings SET rating = rating + 1 WHERE segment_id = 's2';
SELECT is((SELECT count(*) FROM audit.log WHERE operation = 'UPDATE'
          AND old_data -> 'rating_id' = new_data -> 'rating_id'
           AND (old_data ->> 'rating')::int + 1 = (new_data ->> 'rating')::int), 2::bigint,
           'old and new are of the same row');
SELECT pg_temp.logged() \gset
SELECT pg_temp.act_as('') \gset
DELETE FROM diary.ratings WHERE segment_id = 's1';
SELECT is(pg_temp.logged(), 'diary.ratings DELETE of Ann by nobody: old', 'its deletion');

SELECT pg_temp.act_as(pg_temp.ben()::text) \gset
INSERT INTO diary.votes (segment_id, user_id, action, implicit_rating) VALUES ('s1', pg_temp.ben(), 'agree', 3);
UPDATE diary.votes SET implicit_rating = 4;
DELETE FROM diary.votes;
SELECT is(pg_temp.logged(), 'diary.votes INSERT of Ben by Ben: new, diary.votes UPDATE of Ben by Ben: old new, '
                            'diary.votes DELETE of Ben by Ben: old', 'votes');

SET LOCAL ROLE diary_app;
INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min)
VALUES (pg_temp.ben(), 'Home', ARRAY['s1'], 'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 85, 1);
UPDATE diary.routes SET is_public = true;
DELETE FROM diary.routes;
RESET ROLE;
SELECT is(pg_temp.logged(), 'diary.routes INSERT of Ben by Ben: new, diary.routes UPDATE of Ben by Ben: old new, '
                            'diary.routes DELETE of Ben by Ben: old',
                            'routes, by a role that may not write the log itself');
SELECT is((SELECT db_role FROM audit.log ORDER BY log_id DESC LIMIT 1), session_user::text,
          'under the name of who logged in');

-- A batch of the server: each row is its own user's doing.
SELECT pg_temp.act_as('') \gset
SET LOCAL ROLE diary_app;
SELECT diary.submit_votes(json_build_array(
  json_build_object('i', 1, 'vote_id', uuid_generate_v4(), 'segment_id', 's1', 'user_id', pg_temp.ann(),
                    'action', 'agree', 'submitted_at', now()),
  json_build_object('i', 2, 'vote_id', uuid_generate_v4(), 'segment_id', 's2', 'user_id', pg_temp.ben(),
                    'action', 'agree', 'submitted_at', now())), 50) \g /dev/null
RESET ROLE;
SELECT is(pg_temp.logged(), 'diary.votes INSERT of Ann by Ann: new, diary.votes INSERT of Ben by Ben: new',
          'a batch of submissions');

-- Users, without their passwords.
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
UPDATE auth.users SET password_hash = '$2b$04$another', display_name = 'Anna' WHERE user_id = pg_temp.ann();
SELECT is(pg_temp.logged(), 'auth.users UPDATE of Ann by Ann: old new', 'a user');
SET LOCAL ROLE diary_app;
SELECT auth.register('carl@example.org', '$2b$04$carl', 'Carl') \g /dev/null
RESET ROLE;
SELECT is((SELECT new_data ->> 'display_name' FROM audit.log ORDER BY log_id DESC LIMIT 1), 'Carl', 'a registration');
DELETE FROM auth.users WHERE email = 'carl@example.org';
SELECT is((SELECT count(*) FROM audit.log l WHERE l::text LIKE '%$2b$%' OR l::text LIKE '%password%'), 0::bigint,
          'no password, no hash');
SELECT pg_temp.logged() \gset

-- An actor that is no user's id is nobody.
CREATE FUNCTION pg_temp.actor_of(who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.act_as(who);
  UPDATE auth.users SET display_name = display_name || '!' WHERE user_id = pg_temp.ann();
  RETURN (SELECT pg_temp.name_of(actor_id::text) FROM audit.log ORDER BY log_id DESC LIMIT 1);
END $$;
SELECT is(pg_temp.actor_of(who), expected, 'the actor ' || quote_literal(who)) FROM (VALUES
  ('', 'nobody'), ('x', 'nobody'), ('user_12345', 'nobody'), ('00000000-0000-0000-0000-00000000000', 'nobody'),
  (upper(pg_temp.ben()::text), 'Ben')) v(who, expected);
SELECT pg_temp.logged(), pg_temp.act_as('') \gset

-- Cascades, truncations, what is undone.
INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s3', pg_temp.ben(), 3);
SELECT pg_temp.logged() \gset
SAVEPOINT undone;
DELETE FROM auth.users WHERE user_id = pg_temp.ben();
SELECT pg_temp.logged() AS cascade \gset
ROLLBACK TO undone;
SELECT is(:'cascade'::text, 'auth.users DELETE of Ben by nobody: old, diary.ratings DELETE of Ben by nobody: old, '
          'diary.ratings DELETE of Ben by nobody: old, diary.votes DELETE of Ben by nobody: old',
          'a cascade leaves its trace');
SELECT is(pg_temp.logged(), '', 'what is rolled back is not logged');
CREATE FUNCTION pg_temp.logged_after(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  EXECUTE statement;
  v := pg_temp.logged();
  RAISE SQLSTATE 'T0000';
EXCEPTION WHEN SQLSTATE 'T0000' THEN RETURN v;
END $$;
SELECT is(pg_temp.logged_after('TRUNCATE ' || tab), expected, 'TRUNCATE ' || tab) FROM (VALUES
  ('diary.ratings', 'diary.ratings TRUNCATE of nobody by nobody:'),
  ('diary.votes', 'diary.votes TRUNCATE of nobody by nobody:'),
  ('auth.users CASCADE', 'auth.users TRUNCATE of nobody by nobody:, diary.ratings TRUNCATE of nobody by nobody:, '
   'diary.routes TRUNCATE of nobody by nobody:, diary.votes TRUNCATE of nobody by nobody:')) v(tab, expected);

-- Nobody but the owner touches it.
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.outcome(statement), '42501', 'the server: ' || statement) FROM (VALUES
  ('SELECT FROM audit.log'), ('SELECT FROM audit.batch'), ('DELETE FROM audit.log'), ('TRUNCATE audit.log'),
  ($$INSERT INTO audit.log (table_name, operation) VALUES ('x', 'INSERT')$$), ('UPDATE audit.log SET actor_id = NULL'),
  ('DELETE FROM audit.batch'), ($$SELECT setval('audit.log_log_id_seq', 1)$$), ('SELECT audit.broken_batches()'),
  ($$SELECT audit.rows_hash('', 1, '0', '9')$$), ('ALTER TABLE diary.ratings DISABLE TRIGGER ratings_audit')) v(statement);
SELECT is(pg_temp.outcome('SELECT audit.seal()'), '1 rows', 'the server seals');

-- The chain. Rows of transactions long over, in two batches: [0, 100) and [100, now).
RESET ROLE;
DELETE FROM audit.log;
INSERT INTO audit.log (table_name, operation, new_data, txid)
SELECT 'diary.ratings', 'INSERT', jsonb_build_object('rating', n), (n * 30)::text::xid8 FROM generate_series(1, 5) n;
INSERT INTO audit.batch (batch_id, from_txid, upto_txid, row_count, previous_hash, hash)
VALUES (1, '0', '100', 3, '', audit.rows_hash('', 1, '0', '100'));
SELECT setval('audit.batch_batch_id_seq', 1) \g /dev/null
SET LOCAL ROLE diary_app;
SELECT is(audit.seal(), 2::bigint, 'the rest is sealed');
SELECT is(audit.seal(), 0::bigint, 'once');
SELECT is((SELECT batch_id FROM audit.head()), 2::bigint, 'the head is the newest batch');
CREATE TEMP TABLE head AS SELECT * FROM audit.head();
RESET ROLE;
SELECT is_empty('SELECT audit.broken_batches()', 'nothing is broken');
SELECT is_empty('SELECT audit.broken_batches(batch_id, hash) FROM head', 'and the head is where it was');

CREATE FUNCTION pg_temp.broken_by(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  EXECUTE statement;
  SELECT string_agg(b::text, ',' ORDER BY b) INTO v FROM head, audit.broken_batches(head.batch_id, head.hash) b;
  RAISE SQLSTATE 'T0000';
EXCEPTION WHEN SQLSTATE 'T0000' THEN RETURN v;
END $$;
SET LOCAL ROLE diary_owner;
SELECT is(pg_temp.broken_by(statement), expected, 'shows: ' || what) FROM (VALUES
  ('a changed row', $$UPDATE audit.log SET new_data = '{"rating": 9}' WHERE txid = '60'$$, '1'),
  ('a changed actor', $$UPDATE audit.log SET actor_id = uuid_generate_v4() WHERE txid = '150'$$, '2'),
  ('a deleted row', $$DELETE FROM audit.log WHERE txid = '60'$$, '1'),
  ('a row put in between', $$INSERT INTO audit.log (table_name, operation, txid) VALUES ('x', 'DELETE', '70')$$, '1'),
  ('another hash', $$UPDATE audit.batch SET hash = sha256('x') WHERE batch_id = 1$$, '1,2'),
  ('another count', $$UPDATE audit.batch SET row_count = 4 WHERE batch_id = 1$$, '1'),
  ('a range that leaves room', $$UPDATE audit.batch SET upto_txid = '91' WHERE batch_id = 1$$, '2'),
  ('the first batch gone with its rows',
   $$DELETE FROM audit.batch WHERE batch_id = 1; DELETE FROM audit.log WHERE txid < '100'$$, '2'),
  ('the newest gone with its rows',
   $$DELETE FROM audit.batch WHERE batch_id = 2; DELETE FROM audit.log WHERE txid >= '100'$$, '2'),
  ('all of it computed anew', $$UPDATE audit.log SET new_data = '{"rating": 9}' WHERE txid = '150';
    UPDATE audit.batch SET hash = audit.rows_hash(previous_hash, epoch, from_txid, upto_txid)
    WHERE batch_id = 2$$, '2')) v(what, statement, expected);

SELECT * FROM finish();
ROLLBACK;
