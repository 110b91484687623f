-- Criterion 2: the materialized views refresh, without locking readers out, to what they should hold.
VALUES
  ('11.2', 'analytics.segment_aggregates refreshes', '', 'runs', '',
   $$REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.segment_aggregates$$),
  ('11.2', 'analytics.segment_aggregates has every street', '', 'equal', 'all',
   $$SELECT CASE WHEN v.n = s.n THEN 'all' ELSE 'not all' END, v.n || ' rows for ' || s.n || ' streets'
     FROM (SELECT count(*) AS n FROM analytics.segment_aggregates) v, (SELECT count(*) AS n FROM diary.segments) s$$),
  ('11.2', 'analytics.segment_aggregates equals analytics.segment_live within rounding', '', 'equal', '0 differ',
   $$SELECT count(*) FILTER (WHERE abs(a.decayed_mean - l.decayed_mean) > 0.0051 OR abs(a.n_eff - l.n_eff) > 0.0051
                               OR abs(a.delta_30d - l.delta_30d) > 0.0051 OR a.n_samples <> l.n_samples
                               OR a.top_tags <> l.top_tags) || ' differ', count(*) || ' compared'
     FROM analytics.segment_aggregates a JOIN analytics.segment_live l USING (segment_id)$$),
  ('11.2', 'a rating of 5 makes a score of 3.33', '', 'equal', '3.33',
   $$SELECT decayed_mean, 'decayed_mean = ' || decayed_mean || ', n_eff = ' || n_eff || ', by hand (15 + 5) / (5 + 1)'
     FROM analytics.segment_aggregates WHERE segment_id = current_setting('verify.s1')$$),
  ('11.2', 'analytics.trend_daily refreshes', '', 'runs', '',
   $$REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.trend_daily$$),
  ('11.2', 'a day of analytics.trend_daily pools ratings and votes', '', 'equal', '3.41 of 3',
   $$SELECT mean_rating || ' of ' || n_samples, 'mean_rating = ' || mean_rating || ', std_error = ' || std_error
       || ', n_samples = ' || n_samples || ', by hand (5 + 2 + 3.2345) / 3'
     FROM analytics.trend_daily WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.2', 'analytics.coverage_grid refreshes', '', 'runs', '',
   $$REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.coverage_grid$$),
  ('11.2', 'analytics.coverage_grid has 200 x 200 cells, empty ones without confidence', '', 'equal', '40000, 0',
   $$SELECT count(*) || ', ' || count(*) FILTER (WHERE segment_count = 0 AND mean_confidence <> 0),
       count(*) || ' cells, ' || count(*) FILTER (WHERE segment_count > 0) || ' with streets'
     FROM analytics.coverage_grid$$),
  ('11.2', 'the server''s role may refresh', 'app', 'equal', 't', $$SELECT analytics.refresh_view('coverage_grid')$$)
