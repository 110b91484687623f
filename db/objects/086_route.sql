-- Routes found in the database, for those who have pgRouting and no server at hand.

-- The cheapest way between two nodes of the street network at the scores of this moment, one-way streets taken both
-- ways, without what nobody may walk; cost as calculate_segment_cost. The last row is the node arrived at, without a segment. No rows: not connected, or already
-- there.
-- Reads the whole network, as pgRouting does: for now and then, and to check others by.
CREATE OR REPLACE FUNCTION diary.route_astar(p_from_node bigint, p_to_node bigint, p_safety_weight numeric DEFAULT 0.5)
RETURNS TABLE (seq int, segment_id varchar, node bigint, length_m numeric, cost float8, agg_cost float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_edges text;
BEGIN
  PERFORM diary.require('p_safety_weight', p_safety_weight BETWEEN 0 AND 5, 'from 0 to 5');
  IF to_regprocedure('public.pgr_astar(text,bigint,bigint,boolean,integer,float8,float8)') IS NULL THEN
    RAISE EXCEPTION 'routing in the database needs the extension pgrouting' USING ERRCODE = 'feature_not_supported',
      HINT = 'A superuser installs it into this database: CREATE EXTENSION pgrouting SCHEMA public.';
  END IF;
  -- A* is right only while the straight line ahead never costs more than any way does. So: x and y in metres, of a
  -- plane that is nowhere longer than the earth (the least radius of curvature, the narrowest degree of longitude),
  -- shrunk further where a source gives a street less than its straight length.
  v_edges := format($edges$
    WITH edge AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY g.segment_id) AS id, g.source_node AS source, g.target_node AS target,
             g.length_m, public.calculate_segment_cost(g.length_m, l.decayed_mean, %L)::float8 AS cost,
             public.ST_StartPoint(g.geometry) AS a, public.ST_EndPoint(g.geometry) AS b
      FROM diary.segments g LEFT JOIN analytics.segment_live l USING (segment_id)
      WHERE g.access & 3 <> 0
    ), node AS MATERIALIZED (   -- one place each, should the ends of its segments differ
      SELECT node, min(public.ST_X(at)) AS lng, min(public.ST_Y(at)) AS lat
      FROM (SELECT source AS node, a AS at FROM edge UNION ALL SELECT target, b FROM edge) ends GROUP BY node
    ), placed AS MATERIALIZED (
      SELECT node, radians(lng) * 6378137 * cosd(max(abs(lat)) OVER ()) AS x, radians(lat) * 6335439 AS y FROM node
    ), pair AS MATERIALIZED (
      SELECT e.id, e.source, e.target, e.cost, e.length_m, s.x AS x1, s.y AS y1, t.x AS x2, t.y AS y2
      FROM edge e JOIN placed s ON s.node = e.source JOIN placed t ON t.node = e.target
    ), shrink AS (
      SELECT LEAST(1, min(length_m / NULLIF(sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2), 0))) * 0.999 AS by FROM pair
    )
    SELECT id, source, target, cost, x1 * by AS x1, y1 * by AS y1, x2 * by AS x2, y2 * by AS y2 FROM pair, shrink
  $edges$, p_safety_weight);
  RETURN QUERY EXECUTE $route$
    SELECT p.seq, s.segment_id, p.node, s.length_m, p.cost, p.agg_cost
    FROM public.pgr_astar($1, $2, $3, directed => false, heuristic => 4) p
    LEFT JOIN (SELECT row_number() OVER (ORDER BY segment_id) AS id, segment_id, length_m FROM diary.segments
               WHERE access & 3 <> 0) s
      ON s.id = p.edge
    ORDER BY p.seq
  $route$ USING v_edges, p_from_node, p_to_node;
END $$;

-- The end of the nearest segment that may be walked that is nearer to the place.
CREATE OR REPLACE FUNCTION diary.nearest_node(p_lng float8, p_lat float8) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH place AS (SELECT ST_SetSRID(ST_MakePoint(p_lng, p_lat), 4326) AS at), near AS (
    -- A degree east is shorter than one north: the index gives candidates, metres decide.
    SELECT g.* FROM diary.segments g, place p WHERE g.access & 3 <> 0 ORDER BY g.geometry <-> p.at LIMIT 50
  )
  SELECT CASE WHEN ST_Distance(ST_StartPoint(n.geometry)::geography, p.at::geography)
                   <= ST_Distance(ST_EndPoint(n.geometry)::geography, p.at::geography)
              THEN n.source_node ELSE n.target_node END
  FROM near n, place p ORDER BY ST_Distance(n.geometry::geography, p.at::geography), n.segment_id LIMIT 1
$$;

-- The same between two places, from the node nearest to each.
CREATE OR REPLACE FUNCTION diary.route_astar(
  p_from_lng float8, p_from_lat float8, p_to_lng float8, p_to_lat float8, p_safety_weight numeric DEFAULT 0.5)
RETURNS TABLE (seq int, segment_id varchar, node bigint, length_m numeric, cost float8, agg_cost float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM diary.require('p_from_lng', p_from_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_from_lat', p_from_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_to_lng', p_to_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_to_lat', p_to_lat BETWEEN -90 AND 90, 'from -90 to 90');
  RETURN QUERY SELECT * FROM diary.route_astar(diary.nearest_node(p_from_lng, p_from_lat),
                                               diary.nearest_node(p_to_lng, p_to_lat), p_safety_weight);
END $$;
