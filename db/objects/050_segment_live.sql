-- Reading the live state.

-- A segment whose window's edge has been passed and whose cursor has not yet followed: its state, corrected by a look at
-- the few samples between. SECURITY DEFINER for the months' own tables.
CREATE OR REPLACE FUNCTION analytics.correct_state(p_segment varchar, p_at timestamptz) RETURNS analytics.corrected_state
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_state analytics.corrected_state;
BEGIN
  SELECT st.n + d.n, (st.w + d.w)::float8, (st.s + d.s)::float8, st.n30 + d.n30, st.s30 + d.s30, st.n60 + d.n60,
         st.s60 + d.s60, analytics.tags_at(st.segment_id, p_at)
    INTO v_state
  FROM analytics.segment_state st, LATERAL analytics.window_shift(st.segment_id, st.advanced_at, p_at) d
  WHERE st.segment_id = p_segment;
  RETURN v_state;
END $$;

-- Every segment's score as of now(): the sums times 2^(-(now - landmark) / 21 days), no scan of the ratings.
-- Double precision has the digits that the numbers below are cut to (a product by 10^15 or 10^11 made a bigint, and a
-- decimal of that, is the cheapest way to a numeric: a cast prints and parses the digits).
CREATE OR REPLACE VIEW analytics.segment_live AS
SELECT st.segment_id,
       ((15 + sums.s * age.f) / (5 + sums.w * age.f) * 1e15)::int8 * 0.000000000000001 AS decayed_mean,
       (sums.w * age.f * 1e11)::int8 * 0.00000000001 AS n_eff,
       CASE WHEN sums.w * age.f >= 10 THEN 1.00
            ELSE round(round((sums.w * age.f * 1e11)::int8 * 0.00000000001, 2) * 0.1, 2) END AS confidence,
       sums.top_tags,
       CASE WHEN sums.n30 > 0 THEN sums.s30 / sums.n30 ELSE 3.0 END
         - CASE WHEN sums.n60 > 0 THEN sums.s60 / sums.n60 ELSE 3.0 END AS delta_30d,
       sums.n AS n_samples, sums.n30 AS n_30d, sums.n60 AS n_60d,
       st.changed_at
FROM analytics.segment_state st
CROSS JOIN (SELECT power(2.0::float8, -date_part('epoch', now() - timestamptz '2025-01-01 00:00+00') / 1814400.0) AS f
            OFFSET 0) age   -- OFFSET: computed once, not once per use and row
CROSS JOIN LATERAL (SELECT CASE WHEN st.next_event_at <= now() THEN analytics.correct_state(st.segment_id, now()) END AS fix
                    OFFSET 0) late
CROSS JOIN LATERAL (
  SELECT CASE WHEN late.fix IS NULL THEN st.n ELSE (late.fix).n END AS n,
         CASE WHEN late.fix IS NULL THEN st.w_real ELSE (late.fix).w_real END AS w,
         CASE WHEN late.fix IS NULL THEN st.s_real ELSE (late.fix).s_real END AS s,
         CASE WHEN late.fix IS NULL THEN st.n30 ELSE (late.fix).n30 END AS n30,
         CASE WHEN late.fix IS NULL THEN st.s30 ELSE (late.fix).s30 END AS s30,
         CASE WHEN late.fix IS NULL THEN st.n60 ELSE (late.fix).n60 END AS n60,
         CASE WHEN late.fix IS NULL THEN st.s60 ELSE (late.fix).s60 END AS s60,
         CASE WHEN late.fix IS NULL THEN st.top_tags ELSE (late.fix).top_tags END AS top_tags) sums;

-- The same as of any past moment, counted from the samples themselves. A sample is known from when it was received;
-- one that was received over 25 hours after its time (further back than anybody may submit) came with a bulk load of
-- history and is known from its own time. The edges are said in UTC, where subtracting is immutable: with a constant
-- p_at the planner leaves out the months before and after.
CREATE OR REPLACE FUNCTION analytics.segment_live(p_at timestamptz)
RETURNS TABLE (segment_id varchar, decayed_mean numeric, n_eff numeric, confidence numeric, top_tags text[],
               delta_30d numeric, n_samples bigint, n_30d bigint, n_60d bigint)
LANGUAGE sql STABLE AS $$
  SELECT g.segment_id,
         round((15 + COALESCE(a.s, 0)) / (5 + COALESCE(a.w, 0)), 15),
         round(COALESCE(a.w, 0), 15),
         round(LEAST(1.0, round(COALESCE(a.w, 0), 2) / 10.0), 2),
         COALESCE((SELECT (array_agg(tag ORDER BY uses DESC, tag COLLATE "C"))[1:5]
                   FROM (SELECT tag, count(*) AS uses
                         FROM analytics.sample x, LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
                         WHERE x.segment_id = g.segment_id
                           AND x.t > (p_at AT TIME ZONE 'UTC' - interval '4320 hours') AT TIME ZONE 'UTC'
                           AND x.t <= (p_at AT TIME ZONE 'UTC' + interval '5 minutes') AT TIME ZONE 'UTC'
                           AND CASE WHEN x.t < x.received_at - interval '25 hours' THEN x.t ELSE x.received_at END <= p_at
                         GROUP BY tag) counted), '{}'),
         COALESCE(a.s30 / NULLIF(a.n30, 0), 3.0) - COALESCE(a.s60 / NULLIF(a.n60, 0), 3.0),
         COALESCE(a.n, 0), COALESCE(a.n30, 0), COALESCE(a.n60, 0)
  FROM diary.segments g
  LEFT JOIN LATERAL (
    SELECT count(*) AS n, sum(weight) AS w, sum(weight * value) AS s,
           count(*) FILTER (WHERE t > p_at - interval '720 hours') AS n30,
           sum(value) FILTER (WHERE t > p_at - interval '720 hours') AS s30,
           count(*) FILTER (WHERE t BETWEEN p_at - interval '1440 hours' AND p_at - interval '720 hours') AS n60,
           sum(value) FILTER (WHERE t BETWEEN p_at - interval '1440 hours' AND p_at - interval '720 hours') AS s60
    FROM (SELECT x.value, x.t, power(2.0::float8, -date_part('epoch', p_at - x.t) / 1814400.0)::numeric AS weight
          FROM analytics.sample x
          WHERE x.segment_id = g.segment_id
            AND x.t > (p_at AT TIME ZONE 'UTC' - interval '4320 hours') AT TIME ZONE 'UTC'
            AND x.t <= (p_at AT TIME ZONE 'UTC' + interval '5 minutes') AT TIME ZONE 'UTC'
            AND CASE WHEN x.t < x.received_at - interval '25 hours' THEN x.t ELSE x.received_at END <= p_at) known
  ) a ON true
$$;

-- Brings diary.segments' own columns to the live values: of the segments changed since the snapshot p_since, or of
-- all. Returns the cursor for the next call. One server at a time; NULL when another is at it.
-- Of all: what merely decayed is written when a digit of the mean, the tags or the trend changed, or a hundredth of
-- n_eff. It loses 0.14 % an hour: at the next digit, every well-rated street would be written with each pass.
DROP FUNCTION IF EXISTS analytics.sync_segments(xid8);
CREATE OR REPLACE FUNCTION analytics.sync_segments(p_since pg_snapshot DEFAULT NULL) RETURNS pg_snapshot
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_next pg_snapshot;
  v_changed varchar[];
BEGIN
  IF p_since IS NULL THEN
    v_next := pg_current_snapshot();
    SELECT array_agg(segment_id) INTO v_changed FROM analytics.segment_state;
  ELSE   -- one statement, one snapshot: nothing can commit between the cursor and the list
    -- What p_since did not see: numbers given since, and those that were under way. Not by its xmin, which a session
    -- that stays open anywhere in the cluster holds back. A number that is yet to be given is another epoch's.
    SELECT pg_current_snapshot(),
           (SELECT array_agg(segment_id) FROM analytics.segment_change
            WHERE (changed_xid >= pg_snapshot_xmax(p_since)
                   OR changed_xid = ANY (ARRAY(SELECT pg_snapshot_xip(p_since))))
              AND (changed_xid < pg_snapshot_xmax(pg_current_snapshot())
                   OR changed_xid = pg_current_xact_id_if_assigned()))
      INTO v_next, v_changed;
  END IF;
  IF v_changed IS NULL THEN RETURN v_next; END IF;
  PERFORM FROM diary.task WHERE name = 'sync' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM set_config('diary.syncing', 'on', true);
  UPDATE diary.segments g
  SET decayed_mean = l.decayed_mean, n_eff = l.n_eff, top_tags = l.top_tags, delta_30d = l.delta_30d
  FROM (SELECT segment_id, round(decayed_mean, 2) AS decayed_mean, LEAST(round(n_eff, 2), 999999.99) AS n_eff,
               top_tags, round(delta_30d, 2) AS delta_30d, changed_at
        FROM analytics.segment_live WHERE segment_id = ANY (v_changed)) l
  WHERE g.segment_id = l.segment_id
    AND (g.decayed_mean, g.n_eff, g.top_tags, g.delta_30d)
        IS DISTINCT FROM (l.decayed_mean, l.n_eff, l.top_tags, l.delta_30d)
    AND (p_since IS NOT NULL OR l.changed_at > g.updated_at OR g.n_eff < 10
         OR (g.decayed_mean, g.top_tags, g.delta_30d) IS DISTINCT FROM (l.decayed_mean, l.top_tags, l.delta_30d)
         OR abs(l.n_eff - g.n_eff) >= 0.01 * g.n_eff OR l.n_eff < 10);
  PERFORM set_config('diary.syncing', '', true);
  RETURN v_next;
END $$;
