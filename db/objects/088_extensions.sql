-- What other extensions add where a superuser has installed them. Everything works without; nothing here needs them
-- to exist when it is created. docs/operations.md, "Optional extensions".

-- Lets pg_cron refresh the reports at 02:00, for a database without a server; true when it will. Beside a server it
-- does no harm: whoever comes second finds the report fresh. The jobs belong to whoever calls this.
CREATE OR REPLACE FUNCTION analytics.schedule_reports() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_view text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    RAISE NOTICE 'pg_cron is not installed in this database; the server refreshes the reports itself';
    RETURN false;
  END IF;
  FOREACH v_view IN ARRAY ARRAY['segment_aggregates', 'trend_daily', 'coverage_grid'] LOOP
    EXECUTE 'SELECT cron.schedule($1, $2, $3)'   -- replaces the job of that name
      USING 'refresh_' || v_view, '0 2 * * *', format('SELECT analytics.refresh_view(%L, ''1 hour'')', v_view);
  END LOOP;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION analytics.unschedule_reports() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    RAISE NOTICE 'pg_cron is not installed in this database';
    RETURN false;
  END IF;
  EXECUTE $jobs$
    SELECT cron.unschedule(jobid) FROM cron.job
    WHERE jobname IN ('refresh_segment_aggregates', 'refresh_trend_daily', 'refresh_coverage_grid')
      AND username = current_user AND database = current_database()
  $jobs$;
  RETURN true;
END $$;

-- Makes a hypertable of analytics.score_history; true when it is one. diary.ratings cannot be one: its key, by which
-- a repeated submission is known, has no time in it.
CREATE OR REPLACE FUNCTION analytics.use_timescale() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    RAISE NOTICE 'TimescaleDB is not available here; analytics.score_history stays a table';
    RETURN false;
  END IF;
  CREATE EXTENSION IF NOT EXISTS timescaledb;
  EXECUTE $hyper$
    SELECT create_hypertable('analytics.score_history', 'at', chunk_time_interval => interval '30 days',
                             migrate_data => true, if_not_exists => true)
  $hyper$;
  RETURN true;
END $$;
