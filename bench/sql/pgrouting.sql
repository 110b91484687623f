-- The imported streets as pgRouting likes them best: costs stored, metres on a plane for A*, all indexes.
-- Variables: weight.
CREATE EXTENSION pgrouting;
CREATE SCHEMA bench;

CREATE TABLE bench.streets AS
WITH street AS (
  SELECT g.segment_id, g.source_node AS source, g.target_node AS target, g.access, g.length_m::float8 AS length_m,
         COALESCE(l.decayed_mean, 3)::float8 AS score, g.geometry AS geom,
         ST_X(ST_StartPoint(g.geometry)) AS lng1, ST_Y(ST_StartPoint(g.geometry)) AS lat1,
         ST_X(ST_EndPoint(g.geometry)) AS lng2, ST_Y(ST_EndPoint(g.geometry)) AS lat2
  FROM diary.segments g LEFT JOIN analytics.segment_live l USING (segment_id)
  WHERE g.access & 3 <> 0
), plane AS (   -- nowhere longer than the earth, so that a straight line on it is no longer than any way
  SELECT radians(1) * 6378137 * cosd(max(abs(lat1))) AS east, radians(1) * 6335439 AS north FROM street
)
SELECT row_number() OVER (ORDER BY s.segment_id) AS id, s.segment_id, s.source, s.target, s.length_m, s.score, s.geom,
       CASE WHEN s.access & 1 <> 0 THEN c.cost ELSE -1 END AS cost,
       CASE WHEN s.access & 2 <> 0 THEN c.cost ELSE -1 END AS reverse_cost,
       s.lng1 * p.east AS x1, s.lat1 * p.north AS y1, s.lng2 * p.east AS x2, s.lat2 * p.north AS y2,
       s.lng1, s.lat1, s.lng2, s.lat2
FROM street s, plane p, LATERAL (SELECT s.length_m * (1 + :weight * (5 - s.score) / 5) AS cost) c;

-- Some streets are a little shorter than their ends are apart, by rounding.
UPDATE bench.streets SET x1 = x1 * s.by, y1 = y1 * s.by, x2 = x2 * s.by, y2 = y2 * s.by
FROM (SELECT LEAST(1, min(length_m / NULLIF(sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2), 0))) * 0.999 AS by FROM bench.streets) s;
ALTER TABLE bench.streets ADD PRIMARY KEY (id);
CREATE INDEX ON bench.streets (source);
CREATE INDEX ON bench.streets (target);
CREATE INDEX ON bench.streets USING gist (geom);

CREATE TABLE bench.junctions AS
WITH part AS MATERIALIZED (
  SELECT node, component FROM pgr_connectedComponents(
    'SELECT id, source, target, cost, reverse_cost FROM bench.streets WHERE cost > 0 AND reverse_cost > 0')
), largest AS (SELECT component FROM part GROUP BY component ORDER BY count(*) DESC LIMIT 1)
SELECT DISTINCT ON (p.node) p.node, e.x, e.y, e.lng, e.lat
FROM part p JOIN largest USING (component)
JOIN (SELECT source AS node, x1 AS x, y1 AS y, lng1 AS lng, lat1 AS lat FROM bench.streets
      UNION ALL SELECT target, x2, y2, lng2, lat2 FROM bench.streets) e USING (node);
CREATE INDEX ON bench.junctions (x);

-- 200 pairs 5 km apart, the same in each run.
CREATE TABLE bench.pairs AS
SELECT row_number() OVER (ORDER BY md5(a.node::text)) AS pair, a.node AS source, b.node AS target,
       a.lng AS lng1, a.lat AS lat1, b.lng AS lng2, b.lat AS lat2
FROM (SELECT * FROM bench.junctions ORDER BY md5(node::text) LIMIT 250) a
CROSS JOIN LATERAL (
  SELECT * FROM bench.junctions j
  WHERE j.x BETWEEN a.x - 5250 AND a.x + 5250 AND sqrt((j.x - a.x) ^ 2 + (j.y - a.y) ^ 2) BETWEEN 4750 AND 5250
  ORDER BY md5((a.node # j.node)::text) LIMIT 1) b
ORDER BY pair LIMIT 200;
VACUUM ANALYZE bench.streets, bench.pairs;

-- The first pairs asked one by one, in milliseconds measured in the backend: no connection, no result sent.
-- With a margin, pgRouting reads only the streets that touch the pair's box grown by so many degrees.
CREATE FUNCTION bench.ask(p_function text, p_options text, p_margin float8, p_pairs int)
RETURNS TABLE (pair bigint, ms float8, cost float8) LANGUAGE plpgsql AS $$
DECLARE
  v_pair bench.pairs;
  v_edges text;
  v_began timestamptz;
BEGIN
  FOR v_pair IN SELECT * FROM bench.pairs p WHERE p.pair <= p_pairs ORDER BY p.pair LOOP
    v_edges := 'SELECT id, source, target, cost, reverse_cost, x1, y1, x2, y2 FROM bench.streets';
    IF p_margin IS NOT NULL THEN
      v_edges := v_edges || format(' WHERE geom && ST_Expand(ST_MakeEnvelope(%s, %s, %s, %s, 4326), %s)',
        v_pair.lng1, v_pair.lat1, v_pair.lng2, v_pair.lat2, p_margin);
    END IF;
    v_began := clock_timestamp();
    EXECUTE format('SELECT max(agg_cost) FROM %s($1, $2, $3, directed => true%s)', p_function, p_options)
      INTO cost USING v_edges, v_pair.source, v_pair.target;
    ms := extract(epoch FROM clock_timestamp() - v_began) * 1000;
    pair := v_pair.pair;
    RETURN NEXT;
  END LOOP;
END $$;
