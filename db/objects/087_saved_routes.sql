-- Saved routes: a list of segments seen as one walk.

-- The segments joined in the order and the direction in which they are walked: each is walked from one of its ends to
-- the other, and begins at most 25 m from where the one before ended. Of all ways to turn them, the one whose gaps add
-- up to the least; of equal ones that which walks the last forward.
-- unknown_at: the first segment that does not exist (1 is the first of all). break_at: no way leads from this one to
-- the next, at best over gap_m. With either, all else is NULL. A segment walked twice counts twice.
CREATE OR REPLACE FUNCTION diary.join_segments(
  p_segment_ids text[],
  OUT unknown_at int, OUT break_at int, OUT gap_m float8, OUT length_m numeric, OUT avg_safety numeric, OUT line geometry)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  c_reach_m CONSTANT float8 := 25;
  v_count int := cardinality(p_segment_ids);
  -- From the end and from the start of a segment to the start and the end of the next.
  v_end_start float8[];
  v_end_end float8[];
  v_start_start float8[];
  v_start_end float8[];
  -- The least sum of gaps so far with this segment walked forward, and backward; NULL: it cannot be.
  v_forward float8 := 0;
  v_backward float8 := 0;
  -- Whether the segment before is walked forward when this one is walked forward, and when backward.
  v_before_forward boolean[] := array_fill(true, ARRAY[v_count]);
  v_before_backward boolean[] := array_fill(true, ARRAY[v_count]);
  v_is_forward boolean[] := array_fill(true, ARRAY[v_count]);
  v_ff float8;
  v_bf float8;
  v_fb float8;
  v_bb float8;
BEGIN
  WITH walked AS MATERIALIZED (
    SELECT u.seq, s.segment_id IS NULL AS is_unknown,
           ST_StartPoint(s.geometry)::geography AS a, ST_EndPoint(s.geometry)::geography AS b
    FROM unnest(p_segment_ids) WITH ORDINALITY u(id, seq) LEFT JOIN diary.segments s ON s.segment_id = u.id
  ), pair AS (
    SELECT seq, is_unknown, a, b, lead(a) OVER w AS next_a, lead(b) OVER w AS next_b FROM walked WINDOW w AS (ORDER BY seq)
  )
  SELECT min(seq) FILTER (WHERE is_unknown),
         array_agg(ST_Distance(b, next_a) ORDER BY seq), array_agg(ST_Distance(b, next_b) ORDER BY seq),
         array_agg(ST_Distance(a, next_a) ORDER BY seq), array_agg(ST_Distance(a, next_b) ORDER BY seq)
    INTO unknown_at, v_end_start, v_end_end, v_start_start, v_start_end
  FROM pair;
  IF unknown_at IS NOT NULL THEN RETURN; END IF;

  FOR i IN 1 .. v_count - 1 LOOP
    v_ff := CASE WHEN v_end_start[i] <= c_reach_m THEN v_forward + v_end_start[i] END;
    v_bf := CASE WHEN v_start_start[i] <= c_reach_m THEN v_backward + v_start_start[i] END;
    v_fb := CASE WHEN v_end_end[i] <= c_reach_m THEN v_forward + v_end_end[i] END;
    v_bb := CASE WHEN v_start_end[i] <= c_reach_m THEN v_backward + v_start_end[i] END;
    IF COALESCE(v_ff, v_bf, v_fb, v_bb) IS NULL THEN
      break_at := i;
      gap_m := LEAST(CASE WHEN v_forward IS NOT NULL THEN LEAST(v_end_start[i], v_end_end[i]) END,
                     CASE WHEN v_backward IS NOT NULL THEN LEAST(v_start_start[i], v_start_end[i]) END);
      RETURN;
    END IF;
    v_before_forward[i + 1] := v_bf IS NULL OR v_ff <= v_bf;
    v_before_backward[i + 1] := v_bb IS NULL OR v_fb <= v_bb;
    v_forward := LEAST(v_ff, v_bf);   -- LEAST passes over NULL
    v_backward := LEAST(v_fb, v_bb);
  END LOOP;

  v_is_forward[v_count] := v_backward IS NULL OR v_forward <= v_backward;
  FOR i IN REVERSE v_count - 1 .. 1 LOOP
    v_is_forward[i] := CASE WHEN v_is_forward[i + 1] THEN v_before_forward[i + 1] ELSE v_before_backward[i + 1] END;
  END LOOP;

  SELECT sum(s.length_m), round(sum(s.length_m * l.decayed_mean) / sum(s.length_m), 2),
         ST_RemoveRepeatedPoints(ST_MakeLine(CASE WHEN u.is_forward THEN s.geometry ELSE ST_Reverse(s.geometry) END
                                             ORDER BY u.seq))
    INTO length_m, avg_safety, line
  FROM unnest(p_segment_ids, v_is_forward) WITH ORDINALITY u(id, is_forward, seq)
  JOIN diary.segments s ON s.segment_id = u.id
  JOIN analytics.segment_live l ON l.segment_id = u.id;
END $$;

-- How safe a walk over these segments is at this moment: the mean of their scores by length, each as often as it is
-- walked. NULL for no segments.
CREATE OR REPLACE FUNCTION diary.route_safety(p_segment_ids text[]) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT round(sum(s.length_m * l.decayed_mean) / sum(s.length_m), 2)
  FROM unnest(p_segment_ids) u(id)
  JOIN diary.segments s ON s.segment_id = u.id
  JOIN analytics.segment_live l ON l.segment_id = u.id
$$;

-- Whether app.user_id is an active user, behind a lock for which other changes to their routes wait until this
-- transaction ends. The account's own row: nobody but the owner could hold it against them.
CREATE OR REPLACE FUNCTION diary.hold_own_routes() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM auth.users WHERE user_id = auth.current_user_id() AND is_active FOR NO KEY UPDATE;
  RETURN FOUND;
END $$;
