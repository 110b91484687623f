-- Refreshing the reports: one at a time each, never from a row's trigger.

-- pg_restore switches row security off for its session, so that it meets an error rather than lose rows silently; the
-- refresh it ends with needs the policy that this function is made for.
ALTER FUNCTION analytics.route_members() SET row_security = on;

CREATE OR REPLACE FUNCTION analytics.refresh_view(p_view text, p_max_age interval DEFAULT '0') RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_start timestamptz := clock_timestamp();
BEGIN
  IF p_view NOT IN ('segment_aggregates', 'trend_daily', 'coverage_grid') THEN
    RAISE EXCEPTION 'unknown view "%"', p_view USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('diary.refresh.' || p_view, 0));
  IF (SELECT v_start - computed_at < p_max_age FROM analytics.refresh_log WHERE view_name = p_view) THEN
    RETURN false;
  END IF;
  EXECUTE format('REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.%I', p_view);
  INSERT INTO analytics.refresh_log VALUES (p_view, v_start, clock_timestamp() - v_start)
  ON CONFLICT (view_name) DO UPDATE SET computed_at = EXCLUDED.computed_at, took = EXCLUDED.took;
  RETURN true;
END $$;
