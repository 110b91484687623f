-- Deleting an account erases what the audit log says about the person, and the chain holds; the export; one's own
-- account alone. As the server's role.
\ir fixture.psql
SELECT plan(33);

CREATE FUNCTION pg_temp.broken_by(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  EXECUTE statement;
  SELECT string_agg(b::text, ',' ORDER BY b) INTO v FROM audit.broken_batches() b;
  RAISE SQLSTATE 'T0000';
EXCEPTION WHEN SQLSTATE 'T0000' THEN RETURN v;
END $$;

-- Changing.
SET LOCAL ROLE diary_app;
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
SELECT is(auth.change_account('{"display_name": "Anna"}', ''), 'changed', 'a name takes no password');
SELECT is(auth.change_account('{"display_name": null}', ''), 'changed', 'and goes again');
SELECT is((SELECT display_name FROM auth.users WHERE user_id = pg_temp.ann()), NULL, 'it is gone');
SELECT is(auth.change_account('{"email": "x@example.org"}', '$2b$04$other'), 'stale', 'an address takes the hash');
SELECT is(auth.change_account('{"password_hash": "x"}', '$2b$04$other'), 'stale', 'so does a password');
SELECT is(auth.change_account('{"email": "BEN@example.org"}', '$2b$04$ann'), 'taken', 'another''s address');
SELECT is(auth.change_account('{"email": "New@example.org"}', '$2b$04$ann'), 'changed', 'a new address');
SELECT is((SELECT email FROM auth.users WHERE user_id = pg_temp.ann()), 'new@example.org', 'in small letters');
SELECT is((SELECT tokens_valid_from FROM auth.users WHERE user_id = pg_temp.ann()), NULL, 'the tokens stay');
SELECT is(auth.change_account('{"role": "admin", "api_tier": "enterprise", "is_active": false, "user_id": null}', ''),
          'changed', 'what is not one''s own to change');
SELECT results_eq($$SELECT role::text, api_tier::text, is_active FROM auth.users WHERE user_id = pg_temp.ann()$$,
                  $$VALUES ('user', 'free', true)$$, 'is not changed');
SELECT is(auth.change_account('{"password_hash": "$2b$04$new"}', '$2b$04$ann'), 'changed', 'a new password');
SELECT ok((SELECT tokens_valid_from > clock_timestamp() AND tokens_valid_from <= clock_timestamp() + interval '1 second'
                  AND tokens_valid_from = date_trunc('second', tokens_valid_from)
           FROM auth.users WHERE user_id = pg_temp.ann()), 'ends the tokens of this second as well');
SELECT is((SELECT email || ' ' || password_hash FROM auth.own_credentials()), 'new@example.org $2b$04$new',
          'one''s own credentials');
SELECT pg_temp.act_as('') \gset
SELECT is(auth.change_account('{"display_name": "Anna"}', ''), 'stale', 'nobody changes nothing');
SELECT is_empty('SELECT FROM auth.own_credentials()', 'has no credentials');
SELECT is(auth.export_account(), NULL, 'no data');
SELECT is(auth.delete_account('$2b$04$new'), false, 'and deletes nothing');

-- Deleting.
RESET ROLE;
INSERT INTO diary.ratings (segment_id, user_id, rating, comment) VALUES
  ('s1', pg_temp.ann(), 3, 'dark'), ('s1', pg_temp.ben(), 3, 'bright');
-- A batch that is sealed already: transactions long over.
UPDATE audit.log SET txid = (log_id % 50 + 1)::text::xid8;
INSERT INTO audit.batch (batch_id, from_txid, upto_txid, row_count, previous_hash, hash)
SELECT 1, '0', '100', count(*), '', audit.rows_hash('', 1, '0', '100') FROM audit.log;
SELECT setval('audit.batch_batch_id_seq', 1) \g /dev/null
SET LOCAL ROLE diary_app;
SELECT pg_temp.act_as(pg_temp.ann()::text) \gset
SELECT ok(auth.export_account()::text LIKE '%"dark"%', 'the export has the comment');
SELECT ok(auth.export_account()::text NOT LIKE '%bright%', 'and no other''s');
SELECT ok(auth.export_account()::text NOT LIKE '%$2b$%', 'nor the hash');
SELECT is(auth.delete_account('$2b$04$other'), false, 'not by another hash');
SELECT is(auth.delete_account('$2b$04$new'), true, 'by this');
RESET ROLE;
SELECT is((SELECT count(*) FROM audit.log WHERE user_id = pg_temp.ann() AND table_name <> 'audit.log'
           AND (old_data IS NOT NULL OR new_data IS NOT NULL)), 0::bigint, 'the log says nothing of the person');
SELECT is((SELECT count(*) FROM audit.log WHERE user_id = pg_temp.ben() AND new_data ->> 'comment' = 'bright'), 1::bigint,
          'and of others what it did');
SELECT is((SELECT string_agg(table_name || ' by ' || (actor_id = pg_temp.ann()), ', ' ORDER BY log_id) FROM audit.log
           WHERE user_id = pg_temp.ann() AND txid >= '100'),
          'auth.users by true, diary.ratings by true, audit.log by true', 'the deletion is told');
-- The rest is sealed, too.
UPDATE audit.log SET txid = '150' WHERE txid >= '100';
UPDATE audit.log SET new_data = jsonb_set(new_data, '{digest}', to_jsonb(audit.erased_digest(user_id)))
WHERE table_name = 'audit.log';
SELECT audit.seal() \g /dev/null
SELECT is_empty('SELECT audit.broken_batches()', 'the chain holds');

SET LOCAL ROLE diary_owner;
SELECT is(pg_temp.broken_by(statement), expected, 'shows: ' || what) FROM (VALUES
  ('contents put into an erased row',
   $$UPDATE audit.log SET new_data = '{"rating": 9}' WHERE table_name = 'diary.ratings' AND operation = 'INSERT'
     AND user_id = pg_temp.ann()$$, '1,2'),
  ('an erased row said to be another''s',
   $$UPDATE audit.log SET user_id = pg_temp.ben() WHERE table_name = 'diary.ratings' AND operation = 'INSERT'
     AND user_id = pg_temp.ann()$$, '1,2'),
  ('an erased row of another time',
   $$UPDATE audit.log SET changed_at = '2020-01-01' WHERE table_name = 'diary.ratings' AND operation = 'INSERT'
     AND user_id = pg_temp.ann()$$, '2'),
  ('an erasure that nobody tells of',
   $$INSERT INTO audit.erased (log_id, row_hash) SELECT log_id, sha256(convert_to(l::text, 'UTF8')) FROM audit.log l
     WHERE new_data ->> 'comment' = 'bright';
     UPDATE audit.log SET new_data = NULL WHERE new_data ->> 'comment' = 'bright'$$, '1'),
  ('an erasure untold', $$DELETE FROM audit.log WHERE table_name = 'audit.log'$$, '1,2'),
  ('what was kept of an erased row', $$UPDATE audit.erased SET row_hash = sha256('x')$$, '1,2')) v(what, statement, expected);

SELECT * FROM finish();
ROLLBACK;
