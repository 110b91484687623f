-- Who may do what: nobody more than objects/090_security.sql says. A grant that is added there is added here.
\ir fixture.psql
SELECT plan(111);

CREATE TEMP VIEW ours AS SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('diary', 'auth', 'analytics', 'audit');
CREATE TEMP VIEW our_function AS
  SELECT p.*, p.oid::regprocedure::text AS signature FROM pg_proc p
  WHERE p.pronamespace IN (SELECT oid FROM ours)
     OR p.proowner = (SELECT relowner FROM pg_class WHERE oid = 'diary.segments'::regclass)
        AND p.pronamespace = 'public'::regnamespace;
CREATE TEMP VIEW our_relation AS
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm');
-- Rights on a whole relation or on any column of it.
CREATE FUNCTION pg_temp.rights(who text) RETURNS TABLE (name text, rights text) LANGUAGE sql AS $$
  SELECT name, string_agg(right_to || CASE WHEN has_table_privilege(who, oid, right_to) THEN '' ELSE ' some' END, ', '
                          ORDER BY right_to)
  FROM our_relation, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) right_to
  WHERE has_table_privilege(who, oid, right_to)
     OR right_to IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(who, oid, right_to)
  GROUP BY name
$$;
CREATE FUNCTION pg_temp.columns(who text, tab regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute
  WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped AND has_column_privilege(who, tab, attnum, 'SELECT')
$$;

-- The roles themselves.
\set roles '(VALUES (''diary_app''), (''diary_analyst'')) r(who)'
SELECT is((SELECT rolcanlogin FROM pg_roles WHERE rolname = 'diary_app'), true, 'the server''s role can log in');
SELECT is((SELECT rolcanlogin FROM pg_roles WHERE rolname = 'diary_analyst'), false, 'the analysts'' is a group');
SELECT is((SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
           FROM pg_roles WHERE rolname = who), false, who || ' has no power of its own') FROM :roles;
SELECT is((SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = who), 0::bigint,
          who || ' is a member of nothing') FROM :roles;
SELECT is((SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
           WHERE r.rolname = who AND d.deptype = 'o'
             AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))), 0::bigint,
          who || ' owns nothing') FROM :roles;
SELECT is(has_schema_privilege(who, name, 'CREATE'), false, who || ' makes nothing in ' || name)
FROM unnest(ARRAY['diary_app', 'diary_analyst', 'public']) who,
     unnest(ARRAY['diary', 'auth', 'analytics', 'audit', 'public']) name;
SELECT is((SELECT string_agg(name, ' ') FROM unnest(ARRAY['diary', 'auth', 'analytics', 'audit']) name
           WHERE has_schema_privilege(who, name, 'USAGE')), expected, who || ' enters')
FROM (VALUES ('diary_app', 'diary auth analytics audit'), ('diary_analyst', 'diary analytics'),
             ('public', NULL)) v(who, expected);

-- Rights on tables and views.
SELECT is_empty($$SELECT * FROM pg_temp.rights('public')$$, 'everybody: nothing');
SELECT set_eq($$SELECT * FROM pg_temp.rights('diary_app')$$, $$VALUES
  ('diary.city', 'SELECT'), ('diary.migration', 'SELECT'), ('diary.segments', 'SELECT'), ('diary.ratings', 'SELECT'),
  ('diary.votes', 'SELECT'), ('diary.routes', 'DELETE, INSERT, SELECT, UPDATE'), ('auth.users', 'SELECT some'),
  ('analytics.segment_state', 'SELECT'), ('analytics.segment_change', 'SELECT'), ('analytics.sample', 'SELECT'),
  ('analytics.segment_live', 'SELECT'), ('analytics.segment_aggregates', 'SELECT'),
  ('analytics.coverage_grid', 'SELECT'), ('analytics.route_trend', 'SELECT'),
  ('analytics.trend_daily', 'SELECT some'), ('analytics.refresh_log', 'SELECT'), ('diary.partition', 'SELECT')
$$, 'the server: this, and nothing else');
SELECT set_eq($$SELECT * FROM pg_temp.rights('diary_analyst')$$, $$VALUES
  ('diary.city', 'SELECT'), ('diary.segments', 'SELECT'), ('diary.ratings', 'SELECT some'),
  ('diary.votes', 'SELECT some'), ('analytics.sample', 'SELECT'), ('analytics.segment_live', 'SELECT'),
  ('analytics.segment_aggregates', 'SELECT'), ('analytics.coverage_grid', 'SELECT'),
  ('analytics.public_route_trend', 'SELECT'), ('analytics.refresh_log', 'SELECT')
$$, 'an analyst: this, and nothing else');
SELECT is(pg_temp.columns(who, tab::regclass), expected, who || ' reads of ' || tab) FROM (VALUES
  ('diary_app', 'auth.users', 'api_tier avatar_url created_at display_name email '
   'email_verified is_active last_login_at role tokens_valid_from user_id'),
  ('diary_app', 'analytics.trend_daily', 'computed_at confidence date mean_rating n_samples route_id std_error'),
  ('diary_analyst', 'diary.ratings', 'device rating received_at segment_id source status submitted_at tags'),
  ('diary_analyst', 'diary.votes', 'action implicit_rating received_at segment_id submitted_at')) v(who, tab, expected);
SELECT is_empty($$
  SELECT who, c.relname FROM pg_class c JOIN ours n ON n.oid = c.relnamespace,
    unnest(ARRAY['diary_app', 'diary_analyst', 'public']) who
  WHERE c.relkind = 'S' AND has_sequence_privilege(who, c.oid, 'USAGE, SELECT, UPDATE')
$$, 'sequences: nobody');
SELECT is_empty($$
  SELECT r.name, a.attname FROM pg_attribute a JOIN our_relation r ON r.oid = a.attrelid
  WHERE a.attname IN ('email', 'user_id', 'password_hash', 'comment', 'actor_id')
    AND has_column_privilege('diary_analyst', a.attrelid, a.attnum, 'SELECT')
$$, 'an analyst reads no person anywhere');

-- Functions.
SELECT is_empty($$
  SELECT f.signature FROM our_function f, aclexplode(COALESCE(f.proacl, acldefault('f', f.proowner))) a
  WHERE a.grantee = 0
$$, 'no function is everybody''s');
SELECT is_empty($$
  SELECT signature, proconfig FROM our_function
  WHERE prosecdef AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c ~ '^search_path=pg_catalog(, .*)?, pg_temp$')
$$, 'what runs as its owner looks in pg_catalog first and in pg_temp last');
SELECT is_empty($$
  SELECT signature, c FROM our_function, unnest(proconfig) c WHERE c ~ '^search_path=' AND c !~ ', pg_temp$'
$$, 'so does what it calls');
SELECT is_empty($$
  SELECT signature FROM our_function
  WHERE (prosecdef OR provolatile = 'v') AND has_function_privilege('diary_analyst', oid, 'EXECUTE')
    AND (provolatile = 'v' OR proname <> 'correct_state')
$$, 'an analyst runs nothing as the owner but what the live view counts with, nor anything that could write');
SELECT set_eq($$
  SELECT signature FROM our_function WHERE prosecdef AND has_function_privilege('diary_app', oid, 'EXECUTE')
$$, $$VALUES
  ('auth.register(character varying,character varying,character varying)'),
  ('auth.logged_in(uuid,character varying,character varying)'),
  ('auth.begin_session(uuid,character varying,timestamp with time zone)'),
  ('auth.revoke_token(character varying,timestamp with time zone)'), ('auth.prune_revoked_tokens()'),
  ('auth.own_credentials()'), ('auth.change_account(jsonb,character varying)'),
  ('auth.delete_account(character varying)'), ('auth.export_account()'),
  ('auth.password_hash_of(character varying)'), ('diary.submit_ratings(json,integer)'),
  ('diary.submit_votes(json,integer)'), ('analytics.advance_windows(integer)'), ('analytics.sync_segments(pg_snapshot)'),
  ('analytics.refresh_view(text,interval)'), ('audit.seal()'), ('audit.head()'), ('audit.let_go(interval,integer)'),
  ('diary.hold_own_routes()'),
  ('diary.make_partitions(integer)'), ('diary.close_months(integer)'), ('diary.detach_months(interval)'),
  ('analytics.correct_state(character varying,timestamp with time zone)'),
  ('diary.withdraw_rating(uuid)'), ('diary.moderate_rating(uuid,character varying,text)')
$$, 'the server runs these as the owner, and nothing else');
SET LOCAL ROLE diary_owner;
CREATE FUNCTION diary.made_later() RETURNS int LANGUAGE sql AS 'SELECT 1';
RESET ROLE;
SELECT is(has_function_privilege('public', 'diary.made_later()', 'EXECUTE'), false,
          'a function made later is not everybody''s');

-- A type in pg_temp is not taken for the one meant: its CHECK would run as the owner.
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.outcome($$
  CREATE FUNCTION pg_temp.intrude(v pg_catalog.uuid) RETURNS boolean LANGUAGE plpgsql
    AS 'BEGIN RAISE SQLSTATE ''T0666''; END';
  CREATE DOMAIN pg_temp.uuid AS pg_catalog.uuid CHECK (pg_temp.intrude(VALUE));
  SELECT * FROM diary.submit_ratings('[{"i": 1, "g": 1, "rating_id": "20000000-0000-4000-8000-000000000001",
    "segment_id": "s1", "user_id": "a0000000-0000-4000-8000-00000000000a", "rating": 3, "tags": [],
    "submitted_at": "2026-01-01 00:00Z", "status": "accepted"}]', 20)$$), '1 rows', 'pg_temp hides nothing');

-- Tried.
SELECT is(pg_temp.outcome(statement), '42501', 'the server may not ' || statement) FROM (VALUES
  ('SELECT password_hash FROM auth.users'), ('SELECT * FROM auth.users'),
  ($$UPDATE auth.users SET api_tier = 'enterprise'$$),
  ('DELETE FROM auth.users'), ('TRUNCATE auth.users CASCADE'),
  ($$INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s1', pg_temp.ann(), 3)$$),
  ('UPDATE diary.ratings SET rating = 5'), ('DELETE FROM diary.ratings'), ('TRUNCATE diary.ratings'),
  ('DELETE FROM diary.votes'),
  ('UPDATE diary.segments SET decayed_mean = 5'), ('DELETE FROM diary.segments'),
  ('UPDATE analytics.segment_state SET n = 1'),
  ('DELETE FROM diary.migration'), ('UPDATE diary.city SET time_zone = $$UTC$$'), ('SELECT FROM diary.route_segments'),
  ('SELECT analytics.rebuild_segment_state()'), ('SELECT analytics.route_members()'), ('SELECT * FROM analytics.drift'),
  ('SELECT public.update_updated_at()'), ('CREATE TABLE diary.mine ()'), ('CREATE TABLE public.mine ()'),
  ('CREATE SCHEMA mine'), ('DROP TABLE diary.votes'), ('CREATE ROLE mine')) v(statement);
SELECT is(pg_temp.outcome(statement), '1 rows', 'the server may ' || statement) FROM (VALUES
  ($$SELECT user_id, email, api_tier FROM auth.users WHERE display_name = 'Ann'$$),
  ($$SELECT auth.logged_in(pg_temp.ann(), '$2b$04$ann', NULL)$$),
  ($$SELECT * FROM auth.password_hash_of('Ann@example.org')$$), ('SELECT count(comment) FROM diary.ratings'),
  ($$SELECT auth.register('new@example.org', 'x', NULL)$$), ('SELECT calculate_segment_cost(1, 2, 3)'),
  ('SELECT count(*) FROM analytics.segment_live(now())')) v(statement);

-- An analyst logs in under a name of their own.
RESET ROLE;
INSERT INTO diary.ratings (segment_id, user_id, rating, comment) VALUES ('s1', pg_temp.ann(), 4, 'private');
-- The live view has to look at the samples.
UPDATE analytics.segment_state SET next_event_at = '-infinity' WHERE segment_id = 's1';
CREATE ROLE pgtap_analyst LOGIN IN ROLE diary_analyst;
SET LOCAL ROLE pgtap_analyst;
SELECT is(pg_temp.outcome(statement), '1 rows', 'an analyst may ' || statement) FROM (VALUES
  ($$SELECT * FROM diary.segments WHERE segment_id = 's1'$$), ('SELECT * FROM diary.city'),
  ($$SELECT * FROM analytics.segment_live WHERE segment_id = 's1' AND n_samples = 1$$),
  ($$SELECT * FROM analytics.segment_live(now()) WHERE segment_id = 's1'$$), ('SELECT * FROM analytics.sample'),
  ('SELECT rating, tags, submitted_at FROM diary.ratings'), ('SELECT count(*) FROM diary.votes'),
  ('SELECT count(*) FROM analytics.segment_aggregates'), ('SELECT count(*) FROM analytics.coverage_grid'),
  ('SELECT count(*) FROM analytics.public_route_trend'), ('SELECT count(*) FROM analytics.refresh_log'),
  ('SELECT calculate_segment_cost(1, 2, 3)'),
  ($$SELECT count(*) FROM diary.segments WHERE ST_DWithin(geometry, 'SRID=4326;POINT(-75.16 39.95)', 0.001)$$)
) v(statement);
SELECT is(pg_temp.outcome(statement), '42501', 'an analyst may not ' || statement) FROM (VALUES
  ('SELECT * FROM diary.ratings'), ('SELECT comment FROM diary.ratings'), ('SELECT user_id FROM diary.ratings'),
  ('SELECT route_id FROM diary.ratings'), ('SELECT user_id FROM diary.votes'), ('SELECT FROM diary.routes'),
  ('SELECT FROM diary.route_segments'), ('SELECT FROM analytics.trend_daily'), ('SELECT FROM analytics.route_trend'),
  ('SELECT email FROM auth.users'), ('SELECT FROM audit.log'), ('SELECT FROM audit.batch'), ('SELECT audit.seal()'),
  ('SELECT FROM audit.head()'), ($$SELECT auth.password_hash_of('ann@example.org')$$),
  ($$SELECT diary.submit_votes('[]', 1)$$),
  ('SELECT analytics.sync_segments()'), ('SELECT analytics.advance_windows()'),
  ($$SELECT analytics.refresh_view('trend_daily')$$),
  ($$INSERT INTO diary.ratings (segment_id, rating) VALUES ('s1', 3)$$), ('UPDATE diary.segments SET decayed_mean = 5'),
  ('DELETE FROM diary.votes'), ('TRUNCATE diary.segments CASCADE'), ('CREATE TABLE public.mine ()')) v(statement);
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
