-- Live aggregates: how samples enter and leave analytics.segment_state. docs/live-aggregates.md has the why.
--
-- Membership in the windows is always judged by the row's own cursor A (advanced_at), never by the clock, so that
-- what entered also leaves. Writers never move A: in the middle of a transaction (a cascade deletes ratings and votes
-- before the triggers of either run) tables and sums do not agree, and a scan would move what is not there.
-- Only advance_windows moves it, under the row's lock, with a snapshot taken after the lock.

-- Planned once: for a handful of rows the planner would think a plan of its own cheaper each time, and planning
-- costs more than the work (540 us of CPU a single rating against 285).

-- All that counts, as one relation.
CREATE OR REPLACE VIEW analytics.sample AS
  SELECT segment_id, rating::numeric AS value, submitted_at AS t, tags, received_at
  FROM diary.ratings WHERE status = 'accepted'
  UNION ALL
  SELECT segment_id, implicit_rating, submitted_at, '{}'::text[], received_at FROM diary.votes;

-- The number of the transaction that changed a segment last; 0 when no transaction of this epoch did, and the number
-- (diary.epoch) may still be given to one. Without SET, so that it is inlined.
CREATE OR REPLACE FUNCTION analytics.own_xid(p_xid xid8) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_xid < pg_snapshot_xmax(pg_current_snapshot()) THEN p_xid::text::bigint ELSE 0 END
$$;

-- The first instant after the cursor at which a sample of time t leaves or changes a window.
-- STABLE, as adding to a timestamptz is: declared stricter than its body it would not be inlined.
CREATE OR REPLACE FUNCTION analytics.next_event(t timestamptz, cursor_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN t + interval '720 hours' > cursor_at THEN t + interval '720 hours'
              WHEN t + interval '1440 hours' >= cursor_at THEN t + interval '1440 hours 0.000001 seconds'
              WHEN t + interval '4320 hours' > cursor_at THEN t + interval '4320 hours'
              ELSE 'infinity' END
$$;

-- Adds (sign 1) and removes (sign -1) samples; sign 0 only marks the segment as written. That mark matters: under
-- REPEATABLE READ it makes a concurrent writer fail with 40001 instead of overlooking this one.
-- The caller holds the rows' locks, and has folded the tags: p_tagged says that some may have changed.
DROP FUNCTION IF EXISTS analytics.fold(varchar[], numeric[], timestamptz[], int[]);
CREATE OR REPLACE FUNCTION analytics.fold(
  p_segments varchar[], p_values numeric[], p_times timestamptz[], p_signs int[], p_tagged boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE analytics.segment_state st
  SET n = st.n + d.n, n30 = st.n30 + d.n30, n60 = st.n60 + d.n60,
      -- Exact already; but a sample removed after an upgrade of the maths library may differ in its last digit.
      w = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w + d.w END,
      s = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.s + d.s END,
      q = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.q + d.q END,
      w2 = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w2 + d.w2 END,
      s30 = st.s30 + d.s30, s60 = st.s60 + d.s60,
      top_tags = CASE WHEN p_tagged THEN
        ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = st.segment_id
              ORDER BY n DESC, tag COLLATE "C" LIMIT 5) ELSE st.top_tags END,
      next_event_at = LEAST(st.next_event_at, d.next_event_at), changed_at = clock_timestamp()
  FROM (
    SELECT segment_id, sum(m180) AS n, sum(m180 * g) AS w, sum(m180 * g * v) AS s, sum(m180 * g * v * v) AS q,
           sum(m180 * (g::float8 * g::float8)::numeric) AS w2,
           sum(m30) AS n30, sum(m30 * v) AS s30, sum(m60) AS n60, sum(m60 * v) AS s60,
           min(event_at) AS next_event_at
    FROM (
      SELECT c.segment_id, x.v, analytics.forward_weight(x.t) AS g,
             x.sign * (x.t > c.advanced_at - interval '4320 hours')::int AS m180,
             x.sign * (x.t > c.advanced_at - interval '720 hours')::int AS m30,
             x.sign * (x.t BETWEEN c.advanced_at - interval '1440 hours'
                               AND c.advanced_at - interval '720 hours')::int AS m60,
             CASE WHEN x.sign > 0 THEN analytics.next_event(x.t, c.advanced_at) END AS event_at
      FROM unnest(p_segments, p_values, p_times, p_signs) AS x(segment_id, v, t, sign)
      JOIN analytics.segment_state c ON c.segment_id = x.segment_id
      OFFSET 0   -- a fence: without it each weight is computed once per sum that it stands in
    ) membership
    GROUP BY segment_id
  ) d
  WHERE st.segment_id = d.segment_id;
  UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id() WHERE segment_id = ANY (p_segments);
END $$;

-- The same for the tags of ratings in the 180 days; one entry per rating and tag. Rows at zero go.
CREATE OR REPLACE FUNCTION analytics.fold_tags(
  p_segments varchar[], p_tags text[], p_times timestamptz[], p_signs int[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF p_segments IS NULL THEN RETURN; END IF;
  IF 1 = ALL (p_signs) THEN   -- as nearly always: nothing goes, nothing becomes fewer
    INSERT INTO analytics.segment_tag AS g (segment_id, tag, n)
    SELECT c.segment_id, x.tag, count(*)
    FROM unnest(p_segments, p_tags, p_times) AS x(segment_id, tag, t)
    JOIN analytics.segment_state c ON c.segment_id = x.segment_id
    WHERE x.t > c.advanced_at - interval '4320 hours'
    GROUP BY c.segment_id, x.tag
    ON CONFLICT (segment_id, tag) DO UPDATE SET n = g.n + EXCLUDED.n;
    RETURN;
  END IF;
  WITH d AS MATERIALIZED (
    SELECT c.segment_id, x.tag, sum(x.sign) AS n
    FROM unnest(p_segments, p_tags, p_times, p_signs) AS x(segment_id, tag, t, sign)
    JOIN analytics.segment_state c ON c.segment_id = x.segment_id
    WHERE x.t > c.advanced_at - interval '4320 hours'
    GROUP BY c.segment_id, x.tag HAVING sum(x.sign) <> 0
  ), gone AS (
    DELETE FROM analytics.segment_tag g USING d
    WHERE g.segment_id = d.segment_id AND g.tag = d.tag AND g.n + d.n <= 0
  ), fewer AS (
    UPDATE analytics.segment_tag g SET n = g.n + d.n FROM d
    WHERE d.n < 0 AND g.segment_id = d.segment_id AND g.tag = d.tag AND g.n + d.n > 0
  )
  INSERT INTO analytics.segment_tag AS g (segment_id, tag, n)
  SELECT segment_id, tag, n FROM d WHERE n > 0
  ON CONFLICT (segment_id, tag) DO UPDATE SET n = g.n + EXCLUDED.n;
END $$;

-- SQL text of the samples that may lie between two times: of the open tables, and of those closed months alone that can
-- have any. A query on analytics.sample opens and plans every month there is; the windows' edges touch two or three.
CREATE OR REPLACE FUNCTION analytics.sample_sql(p_from timestamptz, p_to timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT '(' || string_agg(format(CASE parent
    WHEN 'ratings' THEN 'SELECT segment_id, rating::numeric AS value, submitted_at AS t, tags FROM ONLY %s '
                        'WHERE status = ''accepted'''
    ELSE 'SELECT segment_id, implicit_rating, submitted_at, ''{}''::text[] FROM ONLY %s' END, rel),
    ' UNION ALL ' ORDER BY parent, rel) || ') x'
  FROM (VALUES ('ratings', 'diary.ratings'), ('votes', 'diary.votes')
        UNION ALL
        SELECT parent, format('diary.%I', child) FROM diary.partition
        WHERE detached_at IS NULL AND month <= LEAST(p_to, now() - interval '72 hours')
          AND month + interval '1 month' > p_from AND to_regclass(format('diary.%I', child)) IS NOT NULL) v(parent, rel)
$$;

-- SQL text of what a segment's sums change by when its cursor goes from c.advanced_at to $2, knowing that nothing
-- crosses an edge before $1. Each edge passed is a range of its own on the index; a sample that passes two at once
-- stands in both and the parts add up.
CREATE OR REPLACE FUNCTION analytics.crossings_sql(p_from timestamptz, p_to timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format($sql$
    SELECT COALESCE(sum(m180), 0) AS n, COALESCE(sum(m180 * g), 0) AS w, COALESCE(sum(m180 * g * v), 0) AS s,
           COALESCE(sum(m180 * g * v * v), 0) AS q, COALESCE(sum(m180 * (g::float8 * g::float8)::numeric), 0) AS w2,
           COALESCE(sum(m30), 0) AS n30, COALESCE(sum(m30 * v), 0) AS s30,
           COALESCE(sum(m60), 0) AS n60, COALESCE(sum(m60 * v), 0) AS s60
    FROM (
      SELECT value AS v, 0 AS g, 0 AS m180, -1 AS m30, 1 AS m60 FROM %s
      WHERE x.segment_id = c.segment_id AND t > GREATEST(c.advanced_at, $1) - interval '720 hours'
        AND t <= $2 - interval '720 hours'
      UNION ALL
      SELECT value, 0, 0, 0, -1 FROM %s
      WHERE x.segment_id = c.segment_id AND t >= GREATEST(c.advanced_at, $1) - interval '1440 hours'
        AND t < $2 - interval '1440 hours'
      UNION ALL
      SELECT value, analytics.forward_weight(t), -1, 0, 0 FROM %s
      WHERE x.segment_id = c.segment_id AND t > GREATEST(c.advanced_at, $1) - interval '4320 hours'
        AND t <= $2 - interval '4320 hours'
    ) crossing $sql$,
    analytics.sample_sql(p_from - interval '720 hours', p_to - interval '720 hours'),
    analytics.sample_sql(p_from - interval '1440 hours', p_to - interval '1440 hours'),
    analytics.sample_sql(p_from - interval '4320 hours', p_to - interval '4320 hours'))
$$;

-- The same for one segment, as readers need it now and then.
CREATE OR REPLACE FUNCTION analytics.window_shift(p_segment varchar, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (n bigint, w numeric, s numeric, q numeric, w2 numeric,
               n30 bigint, s30 numeric, n60 bigint, s60 numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY EXECUTE 'SELECT d.* FROM (SELECT $3 AS segment_id, $1 AS advanced_at) c CROSS JOIN LATERAL ('
                       || analytics.crossings_sql(p_from, p_to) || ') d' USING p_from, p_to, p_segment;
END $$;

-- The five most frequent tags, counted from the samples, for a segment whose count is overdue.
CREATE OR REPLACE FUNCTION analytics.tags_at(p_segment varchar, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  v_tags text[];
BEGIN
  EXECUTE format('SELECT ARRAY(SELECT tag FROM %s, LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u '
                 'WHERE x.segment_id = $1 AND x.t > $2 - interval ''4320 hours'' '
                 'GROUP BY tag ORDER BY count(*) DESC, tag COLLATE "C" LIMIT 5)',
                 analytics.sample_sql(p_at - interval '4320 hours', 'infinity')) INTO v_tags USING p_segment, p_at;
  RETURN v_tags;
END $$;
DROP FUNCTION IF EXISTS analytics.next_event_of(varchar, timestamptz);

-- Moves the cursors of up to p_limit segments whose windows have something to let go. A segment that a writer holds
-- is left for the next call; readers correct for it meanwhile. Returns how many were moved.
CREATE OR REPLACE FUNCTION analytics.advance_windows(p_limit int DEFAULT 1000) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_from timestamptz;
  v_due varchar[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'advance_windows needs READ COMMITTED: it must see what the locks it waited for let through'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  -- Between a cursor and its next_event_at nothing crosses an edge: only times since the first of those matter.
  SELECT array_agg(segment_id), min(next_event_at) - interval '1 microsecond' INTO v_due, v_from FROM (
    SELECT segment_id, next_event_at FROM analytics.segment_state
    WHERE next_event_at <= v_now AND next_event_at < 'infinity'
    ORDER BY next_event_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED) due;
  IF v_due IS NULL THEN RETURN 0; END IF;
  PERFORM diary.hold_moves();   -- no sample goes into a month that the texts below do not know of

  EXECUTE format($sql$
    SELECT analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(t), array_agg(-1))
    FROM (SELECT c.segment_id, tag, x.t
          FROM analytics.segment_state c
          JOIN %s ON x.segment_id = c.segment_id AND x.t > GREATEST(c.advanced_at, $1) - interval '4320 hours'
            AND x.t <= $2 - interval '4320 hours'
          CROSS JOIN LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
          WHERE c.segment_id = ANY ($3)) expired $sql$,
    analytics.sample_sql(v_from - interval '4320 hours', v_now - interval '4320 hours')) USING v_from, v_now, v_due;

  EXECUTE format($sql$
    UPDATE analytics.segment_state st
    SET advanced_at = $2,
        next_event_at = COALESCE(LEAST(   -- the first instant after $2 at which any sample changes a window
          (SELECT min(t) + interval '720 hours' FROM %s
           WHERE x.segment_id = st.segment_id AND t > $2 - interval '720 hours'),
          (SELECT min(t) + interval '1440 hours 0.000001 seconds' FROM %s
           WHERE x.segment_id = st.segment_id AND t >= $2 - interval '1440 hours'),
          (SELECT min(t) + interval '4320 hours' FROM %s
           WHERE x.segment_id = st.segment_id AND t > $2 - interval '4320 hours')), 'infinity'),
        n = st.n + d.n, n30 = st.n30 + d.n30, n60 = st.n60 + d.n60,
        w = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w + d.w END,
        s = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.s + d.s END,
        q = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.q + d.q END,
        w2 = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w2 + d.w2 END,
        s30 = st.s30 + d.s30, s60 = st.s60 + d.s60,
        top_tags = ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = st.segment_id
                         ORDER BY n DESC, tag COLLATE "C" LIMIT 5),
        changed_at = $2
    FROM analytics.segment_state c CROSS JOIN LATERAL (%s) d
    WHERE c.segment_id = ANY ($3) AND st.segment_id = c.segment_id $sql$,
    analytics.sample_sql(v_now - interval '720 hours', 'infinity'),
    analytics.sample_sql(v_now - interval '1440 hours', 'infinity'),
    analytics.sample_sql(v_now - interval '4320 hours', 'infinity'),
    analytics.crossings_sql(v_from, v_now)) USING v_from, v_now, v_due;
  UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id() WHERE segment_id = ANY (v_due);
  RETURN cardinality(v_due);
END $$;

-- Every segment has a state from its first moment, and leaves a notice behind when it goes. What changes of the street
-- itself is a change to those who follow, too; the columns that are only brought up to the live values are none.
CREATE OR REPLACE FUNCTION analytics.segments_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_changed varchar[];
  v_gone varchar[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO analytics.segment_state (segment_id) SELECT segment_id FROM new_rows;
    -- Notices of deleted segments stay: where there is none at all, no key can be taken, and ON CONFLICT would look each
    -- up twice for nothing. Nobody else can be inserting the same segment: the key of diary.segments makes them wait.
    IF EXISTS (SELECT FROM analytics.segment_change) THEN
      INSERT INTO analytics.segment_change AS c (segment_id) SELECT segment_id FROM new_rows
      ON CONFLICT (segment_id) DO UPDATE
      SET changed_xid = EXCLUDED.changed_xid, street_xid = EXCLUDED.street_xid, is_deleted = false;
    ELSE
      INSERT INTO analytics.segment_change (segment_id) SELECT segment_id FROM new_rows;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    -- sync_segments writes nothing else than the columns that follow; comparing all rows again cost it a third.
    IF current_setting('diary.syncing', true) = 'on' THEN RETURN NULL; END IF;
    SELECT array_agg(segment_id) INTO v_gone
    FROM old_rows o WHERE NOT EXISTS (SELECT FROM new_rows n WHERE n.segment_id = o.segment_id);
    IF v_gone IS NOT NULL THEN   -- other ids: one street goes, another comes; its state has come along
      UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), is_deleted = true
      WHERE segment_id = ANY (v_gone);
      INSERT INTO analytics.segment_change AS c (segment_id)
      SELECT segment_id FROM new_rows n WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.segment_id = n.segment_id)
      ON CONFLICT (segment_id) DO UPDATE
      SET changed_xid = EXCLUDED.changed_xid, street_xid = EXCLUDED.street_xid, is_deleted = false;
    END IF;
    SELECT array_agg(n.segment_id) INTO v_changed
    FROM new_rows n JOIN old_rows o USING (segment_id)
    WHERE (n.street, n.neighborhood, n.length_m, n.source_node, n.target_node, n.access)
          IS DISTINCT FROM (o.street, o.neighborhood, o.length_m, o.source_node, o.target_node, o.access)
       OR NOT n.geometry OPERATOR(public.=) o.geometry;   -- coordinate by coordinate
    IF v_changed IS NULL THEN RETURN NULL; END IF;
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_changed) ORDER BY segment_id FOR NO KEY UPDATE;
    UPDATE analytics.segment_state SET changed_at = clock_timestamp() WHERE segment_id = ANY (v_changed);
    UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), street_xid = pg_current_xact_id()
    WHERE segment_id = ANY (v_changed);
  ELSIF TG_OP = 'TRUNCATE' THEN
    UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), is_deleted = true WHERE NOT is_deleted;
  ELSE
    UPDATE analytics.segment_change c SET changed_xid = pg_current_xact_id(), is_deleted = true
    FROM old_rows o WHERE c.segment_id = o.segment_id;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER segments_live_insert AFTER INSERT ON diary.segments
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();
CREATE OR REPLACE TRIGGER segments_live_update AFTER UPDATE ON diary.segments
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();
CREATE OR REPLACE TRIGGER segments_live_delete AFTER DELETE ON diary.segments
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();
CREATE OR REPLACE TRIGGER segments_live_truncate AFTER TRUNCATE ON diary.segments
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();
