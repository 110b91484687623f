-- The three reports (specification 4): refreshed concurrently, right when empty, never surer than the data.
\ir fixture.psql
SELECT plan(36);

\set views '(VALUES (''segment_aggregates''), (''trend_daily''), (''coverage_grid'')) v(name)'
SELECT is((SELECT count(*) FROM pg_index i WHERE i.indrelid = ('analytics.' || name)::regclass AND i.indisunique
           AND i.indpred IS NULL), 1::bigint, name || ' has one unique index') FROM :views;

-- Streets and nothing else.
SET LOCAL ROLE diary_owner;
SELECT lives_ok('REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.' || name, name || ' is refreshed by its owner')
FROM :views;
SELECT is((SELECT count(*) FROM analytics.segment_aggregates), 3::bigint, 'every street has a row');
SELECT is((SELECT count(*) FROM analytics.trend_daily), 0::bigint, 'no routes, no trend');
SELECT is((SELECT count(*) FROM analytics.coverage_grid), 40000::bigint, 'every cell has a row');
CREATE FUNCTION pg_temp.confidences(name text) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE v text;
BEGIN
  EXECUTE format($$SELECT concat(min(%1$I), ' to ', max(%1$I), CASE WHEN bool_or(%1$I IS NULL) THEN ' and NULL' END)
                   FROM analytics.%2$I$$,
                 CASE name WHEN 'coverage_grid' THEN 'mean_confidence' ELSE 'confidence' END, name) INTO v;
  RETURN v;
END $f$;
SELECT is(pg_temp.confidences('segment_aggregates'), '0.00 to 0.00', 'nobody has rated: no confidence in streets');
SELECT is(pg_temp.confidences('coverage_grid'), '0.00 to 0.00', 'nor in cells');
SELECT is(pg_temp.confidences('segment_live'), '0.00 to 0.00', 'nor live');
SELECT is((SELECT count(*) FROM diary.segments WHERE confidence <> 0), 0::bigint, 'nor in the streets'' own column');
SELECT results_eq($$SELECT DISTINCT decayed_mean, n_eff, top_tags, delta_30d,
                  n_samples FROM analytics.segment_aggregates$$,
                  $$VALUES (3.00, 0.00, '{}'::text[], 0.00, 0::bigint)$$, 'an unrated street is at the prior');

-- Samples: s1 twice now and once 40 days ago, s2 once; a route over s1 twice and s2.
INSERT INTO diary.ratings (segment_id, user_id, rating, tags, submitted_at) VALUES
  ('s1', pg_temp.ann(), 5, '{well_lit,well_lit,quiet}', now()), ('s1', pg_temp.ben(), 4, '{quiet}', now()),
  ('s1', pg_temp.ann(), 1, '{dark}', now() - interval '40 days'), ('s2', pg_temp.ann(), 2, '{}', now());
INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at, status) VALUES
  ('s3', pg_temp.ann(), 1, now(), 'pending_review'), ('s3', pg_temp.ben(), 1, now(), 'rejected'),
  ('s3', pg_temp.ben(), 1, now() - interval '181 days', 'accepted');
RESET ROLE;
INSERT INTO diary.routes (route_id, user_id, route_name, segment_ids, alt_segment_ids, geometry, length_m, duration_min)
VALUES ('10000000-0000-4000-8000-000000000001', pg_temp.ann(), 'To work', ARRAY['s1', 's2', 's1'], ARRAY['s3'],
        'SRID=4326;LINESTRING(-75.160 39.950,-75.158 39.950)', 170, 2);
SET LOCAL ROLE diary_app;
SELECT is(analytics.refresh_view(name), true, 'the server refreshes ' || name) FROM :views;
SELECT is(analytics.refresh_view(name, '1 hour'), false, 'not again while it is young: ' || name) FROM :views;
SELECT is((SELECT count(*) FROM analytics.refresh_log), 3::bigint, 'and notes when');
SELECT throws_ok($$SELECT analytics.refresh_view('segment_live')$$, '22023', NULL, 'no other view');
SELECT throws_ok('REFRESH MATERIALIZED VIEW analytics.segment_aggregates', '42501', NULL, 'nor by itself');
RESET ROLE;

SELECT results_eq($$SELECT decayed_mean, n_eff, confidence, n_samples, delta_30d,
                  top_tags FROM analytics.segment_aggregates WHERE segment_id = 's1'$$,
                  $$SELECT round((15 + 9 + w) / (5 + 2 + w), 2), round(2 + w, 2), round(round(2 + w, 2) / 10, 2),
                  3::bigint, 3.50, ARRAY['quiet', 'dark', 'well_lit']
                    FROM (SELECT power(2, -40 / 21.0)::numeric AS w) v$$, 
                  'a street''s row: weighted, a tag once per rating');
SELECT results_eq($$SELECT decayed_mean, n_eff, n_samples FROM analytics.segment_aggregates WHERE segment_id = 's3'$$,
                  $$VALUES (3.00, 0.00, 0::bigint)$$, 'neither what is not accepted nor what is older than 180 days');
SELECT is((SELECT count(*) FROM analytics.segment_aggregates a JOIN analytics.segment_live l USING (segment_id)
           WHERE a.decayed_mean = round(l.decayed_mean, 2) AND a.n_eff = round(l.n_eff, 2)
           AND a.confidence = l.confidence
             AND a.top_tags = l.top_tags AND a.delta_30d = round(l.delta_30d, 2)), 3::bigint,
             'the report agrees with the live view');

SELECT is((SELECT count(*) FROM analytics.trend_daily), 2::bigint, 'a row for each day of the route');
SELECT results_eq($$SELECT route_name::text, n_samples, mean_rating, std_error,
                  confidence FROM analytics.trend_daily ORDER BY date DESC LIMIT 1$$,
                  $$VALUES ('To work', 3::bigint, 3.67, 0.88, 0.30)$$,
                  'each street once, pooled; the alternative does not count');
SELECT results_eq($$SELECT n_samples, std_error FROM analytics.trend_daily ORDER BY date LIMIT 1$$,
                  'VALUES (1::bigint, NULL::numeric)', 'one sample has no standard error');

SELECT is((SELECT sum(total_samples) FROM analytics.coverage_grid), 4::numeric, 'each sample is in one cell');
SELECT is((SELECT count(*) FROM analytics.coverage_grid WHERE mean_confidence > 0 AND segment_count = 0), 0::bigint,
          'a cell without streets has no confidence');
SELECT cmp_ok((SELECT count(*) FROM analytics.coverage_grid WHERE segment_count > 0), '>=', 6::bigint,
              'streets cross several cells');
SELECT unalike(pg_temp.confidences(name), '%NULL%', name || ' has a confidence everywhere') FROM :views;
SELECT is((SELECT max(confidence) FROM analytics.segment_aggregates), 0.23, 'three samples are no certainty');

SELECT * FROM finish();
ROLLBACK;
