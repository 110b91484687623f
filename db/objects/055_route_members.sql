-- What migration 0004 made, with one setting more: pg_restore turns row_security off, under which a query that a policy
-- would filter is an error, and refreshes the report.
CREATE OR REPLACE FUNCTION analytics.route_members()
RETURNS TABLE (route_id uuid, route_name varchar, segment_id varchar)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  PERFORM set_config('diary.reporting', 'on', true);   -- a SET clause for a name of our own needs a superuser
  RETURN QUERY SELECT DISTINCT r.route_id, r.route_name, m.segment_id
  FROM diary.routes r JOIN diary.route_segments m ON m.route_id = r.route_id AND NOT m.is_alt;
  PERFORM set_config('diary.reporting', '', true);
END $$;
