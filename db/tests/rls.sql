-- Who sees and changes which routes (specification 10.1, as corrected).
\ir fixture.psql
SELECT plan(50);

INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min, is_public)
SELECT who, name || CASE WHEN open THEN ' open' ELSE ' own' END, ARRAY['s1'],
       'SRID=4326;LINESTRING(-75.160 39.950,-75.159 39.950)', 85, 1, open
FROM (VALUES (pg_temp.ann(), 'ann'), (pg_temp.ben(), 'ben')) v(who, name), (VALUES (false), (true)) o(open);

CREATE FUNCTION pg_temp.seen_by(who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.act_as(who);
  RETURN (SELECT string_agg(route_name, ', ' ORDER BY route_name) FROM diary.routes);
END $$;
CREATE FUNCTION pg_temp.outcome_for(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.act_as(who);
  RETURN pg_temp.outcome(statement);
END $$;
\set ann 'pg_temp.ann()::text'
\set ben 'pg_temp.ben()::text'

SET LOCAL ROLE diary_app;
SELECT is(current_setting('app.user_id', true), NULL, 'a connection that never had a user');
SELECT is((SELECT string_agg(route_name, ', ' ORDER BY route_name) FROM diary.routes), 'ann open, ben open',
          'sees the public routes');
SELECT is(pg_temp.outcome(pg_temp.insert_good('diary.routes')), '42501', 'and inserts none');
SELECT is(pg_temp.seen_by(:ann), 'ann open, ann own, ben open', 'Ann sees her own and the public ones');
SELECT is(pg_temp.seen_by(:ben), 'ann open, ben open, ben own', 'Ben sees his');
SELECT is(pg_temp.seen_by(upper(:ann)), 'ann open, ann own, ben open', 'whatever case the id is written in');

-- What is no user is nobody, and no error.
SELECT is(pg_temp.seen_by(nobody), 'ann open, ben open', 'public ones only for ' || quote_literal(nobody))
FROM (VALUES (''), (' '), ('x'), ('user_12345'), ('a0000000-0000-4000-8000-00000000000'), ('{}'), ($$' OR true --$$),
             ('a000000000004000800000000000000a'), ('a0000000-0000-4000-8000-00000000000a ')) v(nobody);
SELECT is(pg_temp.outcome_for(nobody, pg_temp.insert_good('diary.routes', '{"is_public": "true"}')), '42501',
          'no route from ' || quote_literal(nobody))
FROM (VALUES (''), ('x'), ('{}')) v(nobody);
SELECT is(pg_temp.outcome_for(nobody, statement), '0 rows', statement || ' by ' || quote_literal(nobody))
FROM (VALUES (''), ('x')) v(nobody),
     (VALUES ('UPDATE diary.routes SET is_public = false'), ('DELETE FROM diary.routes')) s(statement);

-- Writing.
SELECT is(pg_temp.outcome_for(:ann, pg_temp.insert_good('diary.routes')), '1 rows', 'Ann adds one of her own');
SELECT is(pg_temp.outcome_for(upper(:ann), pg_temp.insert_good('diary.routes')), '1 rows', 'in any case');
SELECT is(pg_temp.outcome_for(:ben, pg_temp.insert_good('diary.routes')), '42501', 'Ben adds none for Ann');
SELECT is(pg_temp.outcome_for(:ann, $$UPDATE diary.routes SET route_name = 'x' WHERE route_name LIKE 'ben%'$$),
          '0 rows', 'Ann does not change Ben''s, public or not');
SELECT is(pg_temp.outcome_for(:ann, $$UPDATE diary.routes SET is_public = true WHERE route_name = 'ben own'$$),
          '0 rows', 'nor publish it');
SELECT is(pg_temp.outcome_for(:ann, 'UPDATE diary.routes SET length_m = 86'), '2 rows', 'all of hers she does');
SELECT is(pg_temp.outcome_for(:ann, 'UPDATE diary.routes SET user_id = pg_temp.ben()'), '42501', 'nor gives hers away');
SELECT is(pg_temp.outcome_for(:ann, $$DELETE FROM diary.routes WHERE route_name LIKE 'ben%'$$), '0 rows',
          'Ann does not delete Ben''s');
SELECT is(pg_temp.outcome_for(:ann, 'DELETE FROM diary.routes'), '2 rows', 'she deletes hers');
SELECT is(pg_temp.outcome_for(:ann, $$SELECT FROM diary.routes WHERE route_name = 'ben own' FOR UPDATE$$), '0 rows',
          'nor locks his');
SELECT is(pg_temp.outcome_for(:ann, 'TRUNCATE diary.routes'), '42501', 'nor empties the table');
SELECT is(pg_temp.outcome_for(:ann, 'ALTER TABLE diary.routes DISABLE ROW LEVEL SECURITY'), '42501', 'nor opens it');
SELECT is(pg_temp.outcome_for(:ann, 'SELECT FROM diary.route_segments'), '42501', 'the mirror shows no routes either');
SELECT is(pg_temp.outcome_for(:ann, 'SET LOCAL row_security = off; SELECT FROM diary.routes'), '42501',
          'switching the filter off is an error');
RESET ROLE;
SET LOCAL row_security = on;

-- The owner is bound as well.
SET LOCAL ROLE diary_owner;
SELECT is(pg_temp.seen_by(''), 'ann open, ben open', 'the owner sees the public ones');
SELECT is(pg_temp.seen_by(:ann), 'ann open, ann own, ben open', 'and those of whom they act for');
SELECT is(pg_temp.outcome_for('', 'DELETE FROM diary.routes'), '0 rows', 'and deletes none');
SELECT is(pg_temp.outcome_for('', pg_temp.insert_good('diary.routes')), '42501', 'and adds none');

-- The report counts private routes and keeps their names.
INSERT INTO diary.ratings (segment_id, user_id, rating) VALUES ('s1', pg_temp.ann(), 4);
SELECT pg_temp.act_as('') \gset
REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.trend_daily;
SELECT is((SELECT count(DISTINCT route_id) FROM analytics.trend_daily), 4::bigint, 'the report has all routes');
SELECT is(pg_temp.seen_by(''), 'ann open, ben open', 'reporting ends with the refresh');
SET LOCAL ROLE diary_app;
SELECT analytics.refresh_view('trend_daily') \gset
RESET ROLE;
SELECT is((SELECT count(DISTINCT route_id) FROM analytics.trend_daily), 4::bigint,
          'so it has when the server refreshes it');
SET LOCAL ROLE diary_app;
SELECT is(pg_temp.outcome_for(:ann, 'SELECT route_id, mean_rating FROM analytics.trend_daily'), '4 rows',
          'its numbers are read');
SELECT is(pg_temp.outcome_for(:ann, 'SELECT route_name FROM analytics.trend_daily'), '42501', 'its names are not');
SELECT is(pg_temp.outcome_for(:ann, 'SELECT * FROM analytics.trend_daily'), '42501', 'nor by a star');
SELECT is(pg_temp.outcome_for(:ann, 'SELECT route_name FROM analytics.route_trend'), '3 rows', 'Ann reads three names');
SELECT is(pg_temp.outcome_for('', 'SELECT route_name FROM analytics.route_trend'), '2 rows', 'nobody two');
SET LOCAL diary.reporting = 'on';
SELECT is(pg_temp.seen_by(''), 'ann open, ben open', 'the server cannot switch the reporting on');
SET LOCAL ROLE diary_analyst;
SELECT is(pg_temp.outcome_for(:ann, 'SELECT route_name FROM analytics.public_route_trend'), '2 rows',
          'an analyst reads the public ones, whomever they say they act for');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
