-- Sessions: for whom a transaction acts, and whose token is still good. As the server's role, which may neither write
-- an account nor read its password's hash, nor the revocations.
\ir fixture.psql
SELECT plan(31);

-- What a session comes to, and for whom the transaction acts then.
CREATE FUNCTION pg_temp.session(who uuid, token text, issued timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  SELECT concat_ws(' ', role, tier) INTO v FROM auth.begin_session(who, token, issued);
  RETURN COALESCE(v, 'refused') || ' ' || COALESCE(auth.current_user_id()::text, 'nobody');
END $$;
\set ann_is '''user free a0000000-0000-4000-8000-00000000000a'''
\set refused '''refused nobody'''

SET LOCAL ROLE diary_app;
SELECT is(pg_temp.session(pg_temp.ann(), 't1', now()), :ann_is, 'a token is good');
SELECT is(pg_temp.session('00000000-0000-4000-8000-000000000000', 't1', now()), :refused, 'of nobody it is not');
SELECT is(auth.current_user_id(), NULL, 'and who acted before does not go on');
SELECT is(pg_temp.session(pg_temp.ann(), NULL, NULL), :ann_is, 'neither id nor time: nothing stands against it');
SELECT is(pg_temp.session(NULL, 't1', now()), :refused, 'no user: nobody');

-- Given up.
SELECT pg_temp.session(pg_temp.ann(), 't1', now()) \g /dev/null
SELECT lives_ok($$SELECT auth.revoke_token('t1', now() + interval '1 hour')$$, 'a token is given up');
SELECT lives_ok($$SELECT auth.revoke_token('t1', now() + interval '1 hour')$$, 'twice is once');
SELECT is(pg_temp.session(pg_temp.ann(), 't1', now()), :refused, 'it is good no more');
SELECT is(pg_temp.session(pg_temp.ann(), 't2', now()), :ann_is, 'another is');
SELECT is(pg_temp.session(pg_temp.ben(), 't1', now()), 'user free ' || pg_temp.ben(), 'and so is another''s of that id');
SELECT is(pg_temp.session(NULL, 't1', now()), :refused, 'nobody acts');
SELECT is(pg_temp.outcome($$SELECT auth.revoke_token('t3', now())$$), '23502 user_id', 'nobody gives up nothing');

-- By the batch.
CREATE FUNCTION pg_temp.rate(token text, issued text) RETURNS text LANGUAGE sql AS $$
  SELECT outcome FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0, 'rating_id',
    uuid_generate_v4(), 'segment_id', 's1', 'user_id', pg_temp.ann(), 'token_id', token, 'issued_at', issued,
    'rating', 3, 'tags', json_build_array(), 'submitted_at', now(), 'status', 'accepted')), 20)
$$;
CREATE FUNCTION pg_temp.vote(token text, issued text) RETURNS text LANGUAGE sql AS $$
  SELECT outcome FROM diary.submit_votes(json_build_array(json_build_object('i', 0, 'vote_id', uuid_generate_v4(),
    'segment_id', 's1', 'user_id', pg_temp.ann(), 'token_id', token, 'issued_at', issued, 'action', 'agree',
    'submitted_at', now())), 50)
$$;
SELECT is(pg_temp.rate('t1', now()::text), 'unknown_user', 'no rating by a token that was given up');
SELECT is(pg_temp.vote('t1', now()::text), 'unknown_user', 'no vote');
RESET ROLE;
UPDATE auth.users SET tokens_valid_from = date_trunc('second', now()), role = 'moderator', api_tier = 'premium'
WHERE user_id = pg_temp.ann();
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.session(pg_temp.ann(), 't2', date_trunc('second', now()) - interval '1 second'), :refused,
          'a token from before the line');
SELECT is(pg_temp.session(pg_temp.ann(), 't2', date_trunc('second', now())), 'moderator premium ' || pg_temp.ann(),
          'one from the line on, with role and tier of now');
SELECT is(pg_temp.rate('t2', (date_trunc('second', now()) - interval '1 second')::text), 'unknown_user',
          'no rating from before');
SELECT is(pg_temp.vote('t2', (date_trunc('second', now()) - interval '1 second')::text), 'unknown_user', 'no vote');
SELECT is(pg_temp.rate('t2', date_trunc('second', now())::text), 'created', 'a rating');
SELECT is(pg_temp.vote('t2', date_trunc('second', now())::text), 'created', 'a vote');

-- Expired ones are forgotten.
RESET ROLE;
INSERT INTO auth.revoked_tokens (user_id, token_id, expires_at)
VALUES (pg_temp.ben(), 'old', now() - interval '61 minutes'), (pg_temp.ben(), 'young', now() - interval '59 minutes');
SET LOCAL ROLE diary_app;
SELECT is(auth.prune_revoked_tokens(), 1::bigint, 'what expired over an hour ago is forgotten');
RESET ROLE;
SELECT set_eq('SELECT token_id::text FROM auth.revoked_tokens', $$VALUES ('t1'), ('young')$$, 'nothing else');

-- Logging in.
SET LOCAL ROLE diary_app;
SELECT is(auth.logged_in(pg_temp.ben(), '$2b$04$other', NULL), false, 'the password was changed meanwhile');
SELECT is(auth.logged_in(pg_temp.ben(), '$2b$04$ben', NULL), true, 'it was not');
SELECT is(auth.logged_in(pg_temp.ben(), '$2b$04$ben', '$2b$05$ben'), true, 'the same at another cost');
SELECT is((SELECT password_hash FROM auth.password_hash_of('BEN@example.org')), '$2b$05$ben', 'is kept');
RESET ROLE;
UPDATE auth.users SET is_active = false WHERE user_id = pg_temp.ben();
SET LOCAL ROLE diary_app;
SELECT is(auth.logged_in(pg_temp.ben(), '$2b$05$ben', NULL), false, 'the account was disabled meanwhile');
SELECT is(pg_temp.session(pg_temp.ben(), 't4', now()), :refused, 'its tokens are refused');

SELECT is(pg_temp.outcome(statement), '42501', 'the server may not ' || statement) FROM (VALUES
  ($$UPDATE auth.users SET role = 'admin'$$), ('SELECT FROM auth.revoked_tokens'),
  ('DELETE FROM auth.revoked_tokens')) v(statement);

SELECT * FROM finish();
ROLLBACK;
