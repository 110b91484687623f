-- Reports on any box of the map, from the live scores of this moment. docs/search-and-maps.md has examples.

-- How well a box is covered, in cells of p_cell_m metres a side, numbered from the box's south-west corner; cells
-- without segments are absent. On the ellipsoid of WGS 84: the height of a degree is taken at the box's middle
-- latitude (at worst 0.6 % off, in a box from equator to pole), its width row by row at the row's middle, so that
-- cells of neighbouring rows need not stand on top of each other. Cells at the box's far edges reach over them, and
-- count what they hold.
-- A segment counts as one in each cell that it touches, but its samples only in the cell of its middle: they add up.
CREATE OR REPLACE FUNCTION analytics.coverage(
  p_min_lng float8, p_min_lat float8, p_max_lng float8, p_max_lat float8, p_cell_m float8 DEFAULT 50)
RETURNS TABLE (x int, y int, center_lng float8, center_lat float8, mean_confidence numeric, segment_count bigint,
               total_samples bigint, cell geometry)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  c_most_cells CONSTANT int := 100000;
  v_height float8;   -- of a cell, in degrees
  v_rows int;
  v_widths float8[];   -- of a cell, row by row
BEGIN
  PERFORM diary.require_box(p_min_lng, p_min_lat, p_max_lng, p_max_lat);
  PERFORM diary.require('p_cell_m', p_cell_m BETWEEN 10 AND 5000, 'from 10 to 5000');
  PERFORM diary.require('p_cell_m', analytics.coverage_cells(p_min_lng, p_min_lat, p_max_lng, p_max_lat, p_cell_m)
                                    <= c_most_cells,
                        format('greater: the box would have over %s cells', c_most_cells));
  v_height := analytics.cell_height((p_min_lat + p_max_lat) / 2, p_cell_m);
  v_rows := floor((p_max_lat - p_min_lat) / v_height) + 1;
  v_widths := ARRAY(SELECT analytics.cell_width(p_min_lat + (y + 0.5) * v_height, p_cell_m)
                    FROM generate_series(0, v_rows - 1) y ORDER BY y);
  RETURN QUERY
  WITH segment AS MATERIALIZED (
    SELECT g.geometry, l.confidence, l.n_samples, ST_X(middle) AS middle_lng,
           floor((ST_Y(middle) - p_min_lat) / v_height) AS middle_y
    FROM diary.segments g
    CROSS JOIN LATERAL ST_LineInterpolatePoint(g.geometry, 0.5) middle
    JOIN analytics.segment_live l ON l.segment_id = g.segment_id
    WHERE g.geometry && ST_MakeEnvelope(p_min_lng, p_min_lat,
                                        (SELECT p_max_lng + max(width) FROM unnest(v_widths) width),
                                        p_min_lat + v_rows * v_height, 4326)
  ), touched AS (   -- only the cells under a segment's box are tried, then the exact test
    SELECT x, y, width, confidence, CASE WHEN home THEN n_samples ELSE 0 END AS n_samples
    FROM segment s
    CROSS JOIN LATERAL generate_series(
      GREATEST(0, floor((ST_YMin(s.geometry) - p_min_lat) / v_height)::int),
      LEAST(v_rows - 1, floor((ST_YMax(s.geometry) - p_min_lat) / v_height)::int)) y
    CROSS JOIN LATERAL (SELECT v_widths[y + 1] AS width) w
    CROSS JOIN LATERAL generate_series(
      GREATEST(0, floor((ST_XMin(s.geometry) - p_min_lng) / width)::int),
      LEAST(floor((p_max_lng - p_min_lng) / width)::int, floor((ST_XMax(s.geometry) - p_min_lng) / width)::int)) x
    CROSS JOIN LATERAL (SELECT y = s.middle_y AND x = floor((s.middle_lng - p_min_lng) / width) AS home) h
    CROSS JOIN LATERAL analytics.cell_box(p_min_lng, p_min_lat, x, y, width, v_height) box
    WHERE home OR ST_Intersects(s.geometry, box)
  )
  SELECT x, y, p_min_lng + (x + 0.5::float8) * width, p_min_lat + (y + 0.5::float8) * v_height,
         round(avg(confidence), 2), count(*), sum(n_samples)::bigint,
         analytics.cell_box(p_min_lng, p_min_lat, x, y, width, v_height)
  FROM touched GROUP BY x, y, width ORDER BY y, x;
END $$;

-- Degrees of longitude that measure so many metres at a latitude. Next to the poles, where there is no such number,
-- that of 89.9 degrees.
CREATE OR REPLACE FUNCTION analytics.cell_width(p_lat float8, p_metres float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT degrees(p_metres * sqrt(1 - 0.00669437999014 * sind(p_lat) ^ 2) / (6378137 * cosd(LEAST(abs(p_lat), 89.9))))
$$;

-- Degrees of latitude that measure so many metres at a latitude.
CREATE OR REPLACE FUNCTION analytics.cell_height(p_lat float8, p_metres float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT degrees(p_metres * (1 - 0.00669437999014 * sind(p_lat) ^ 2) ^ 1.5 / (6378137 * (1 - 0.00669437999014)))
$$;

-- How many cells the grid of such a box has; of a box with over 100000 rows, those.
CREATE OR REPLACE FUNCTION analytics.coverage_cells(
  p_min_lng float8, p_min_lat float8, p_max_lng float8, p_max_lat float8, p_cell_m float8) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_height float8 := analytics.cell_height((p_min_lat + p_max_lat) / 2, p_cell_m);
  v_rows bigint := floor((p_max_lat - p_min_lat) / v_height) + 1;
BEGIN
  IF v_rows > 100000 THEN RETURN v_rows; END IF;
  RETURN (SELECT sum(floor((p_max_lng - p_min_lng)
                           / analytics.cell_width(p_min_lat + (y + 0.5) * v_height, p_cell_m)) + 1)
          FROM generate_series(0, v_rows - 1) y);
END $$;

-- Cell (x, y) of a grid of such cells whose south-west corner is given.
CREATE OR REPLACE FUNCTION analytics.cell_box(
  p_west float8, p_south float8, x int, y int, p_width float8, p_height float8) RETURNS geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT public.ST_MakeEnvelope(p_west + x * p_width, p_south + y * p_height,
                                p_west + (x + 1) * p_width, p_south + (y + 1) * p_height, 4326)
$$;

-- Where in a box the evidence is: p_k centres, each segment weighing as much as its confidence. Segments that nobody
-- rated have no weight and are left out. Fewer clusters where there are fewer places. Cluster 0 is the heaviest.
CREATE OR REPLACE FUNCTION analytics.clusters(
  p_k int, p_min_lng float8, p_min_lat float8, p_max_lng float8, p_max_lat float8)
RETURNS TABLE (cluster int, center_lng float8, center_lat float8, segment_count bigint, mean_score numeric,
               total_confidence numeric)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  c_most_segments CONSTANT int := 100000;
  v_east float8 := cosd((p_min_lat + p_max_lat) / 2);   -- a degree east over a degree north: distances in the plane
  v_places bigint;
  v_segments bigint;
BEGIN
  PERFORM diary.require('p_k', p_k BETWEEN 1 AND 256, 'from 1 to 256');
  PERFORM diary.require_box(p_min_lng, p_min_lat, p_max_lng, p_max_lat);
  SELECT count(*), count(DISTINCT middle) INTO v_segments, v_places
  FROM analytics.confident_segments(p_min_lng, p_min_lat, p_max_lng, p_max_lat, c_most_segments + 1);
  IF v_segments > c_most_segments THEN
    RAISE EXCEPTION 'the box must be smaller: it holds over % rated segments', c_most_segments
      USING ERRCODE = 'program_limit_exceeded';
  END IF;
  IF v_segments = 0 THEN RETURN; END IF;
  RETURN QUERY
  WITH weighed AS (
    SELECT ST_X(middle) AS lng, ST_Y(middle) AS lat, decayed_mean, confidence,
           ST_ClusterKMeans(ST_MakePoint(ST_X(middle) * v_east, ST_Y(middle), 0, confidence),
                            LEAST(p_k, v_places)::int) OVER () AS cluster
    FROM analytics.confident_segments(p_min_lng, p_min_lat, p_max_lng, p_max_lat, c_most_segments)
  )
  SELECT (row_number() OVER (ORDER BY sum(confidence) DESC, cluster))::int - 1,
         (sum(lng * confidence::float8) / sum(confidence))::float8,
         (sum(lat * confidence::float8) / sum(confidence))::float8,
         count(*), round(sum(decayed_mean * confidence) / sum(confidence), 2), sum(confidence)
  FROM weighed GROUP BY cluster ORDER BY 1;
END $$;

-- Up to p_limit segments whose middle lies in the box and that somebody rated.
CREATE OR REPLACE FUNCTION analytics.confident_segments(
  p_min_lng float8, p_min_lat float8, p_max_lng float8, p_max_lat float8, p_limit int)
RETURNS TABLE (middle geometry, decayed_mean numeric, confidence numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.middle, l.decayed_mean, l.confidence
  FROM diary.segments g
  CROSS JOIN LATERAL (SELECT ST_LineInterpolatePoint(g.geometry, 0.5) AS middle) m
  JOIN analytics.segment_live l ON l.segment_id = g.segment_id
  WHERE g.geometry && ST_MakeEnvelope(p_min_lng, p_min_lat, p_max_lng, p_max_lat, 4326)
    AND ST_X(m.middle) BETWEEN p_min_lng AND p_max_lng AND ST_Y(m.middle) BETWEEN p_min_lat AND p_max_lat
    AND l.confidence > 0
  ORDER BY g.segment_id LIMIT p_limit
$$;
