-- Refreshing the reports: one at a time each, never from a row's trigger.

CREATE OR REPLACE FUNCTION analytics.refresh_view(p_view text, p_max_age interval DEFAULT '0') RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_start timestamptz := clock_timestamp();
BEGIN
  IF p_view NOT IN ('segment_aggregates', 'trend_daily', 'coverage_grid') THEN
    RAISE EXCEPTION 'unknown view "%"', p_view USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF p_view = 'coverage_grid' THEN   -- is made from the other, whose lock everybody takes first
    PERFORM analytics.refresh_view('segment_aggregates', GREATEST(p_max_age, interval '1 hour'));
  END IF;
  PERFORM FROM diary.task WHERE name = 'refresh ' || p_view FOR UPDATE;
  -- A report of a time to come is one of a clock that had run ahead.
  IF (SELECT computed_at <= v_start AND v_start - computed_at < p_max_age
      FROM analytics.refresh_log WHERE view_name = p_view) THEN
    RETURN false;
  END IF;
  -- One that a dump without data brought along has to be filled first.
  EXECUTE format('REFRESH MATERIALIZED VIEW %s analytics.%I',
                 (SELECT CASE WHEN relispopulated THEN 'CONCURRENTLY' END FROM pg_class
                  WHERE oid = format('analytics.%I', p_view)::regclass), p_view);
  INSERT INTO analytics.refresh_log VALUES (p_view, v_start, clock_timestamp() - v_start)
  ON CONFLICT (view_name) DO UPDATE SET computed_at = EXCLUDED.computed_at, took = EXCLUDED.took;
  RETURN true;
END $$;

-- The grid on demand: made anew by whoever asks first when it is over an hour old.
CREATE OR REPLACE FUNCTION analytics.coverage_grid_fresh() RETURNS SETOF analytics.coverage_grid
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM analytics.refresh_view('coverage_grid', '1 hour');
  RETURN QUERY SELECT * FROM analytics.coverage_grid;
END $$;

-- One row of score_history per segment with samples. Once for an instant: a second call for it adds nothing.
CREATE OR REPLACE FUNCTION analytics.record_scores(p_at timestamptz DEFAULT date_trunc('day', now(), 'UTC'))
RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_rows bigint;
BEGIN
  IF p_at IS NULL OR p_at > now() THEN
    RAISE EXCEPTION 'p_at must not lie ahead' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO analytics.score_history (segment_id, at, decayed_mean, n_eff)
  SELECT segment_id, p_at, round(decayed_mean, 2), round(n_eff, 2)
  FROM analytics.segment_live(p_at) WHERE n_samples > 0
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_rows;
END $$;
