-- The slow, obvious count that the live sums are held against, and the repair.

-- The instant that a segment's sums are true for: its own cursor, unless that lies ahead of the clock. A clock that
-- ran ahead for a while leaves such cursors behind, and a count at one of them agrees with sums of which nobody should
-- read one. A minute's grace for the time between a statement's start and its looking.
CREATE OR REPLACE FUNCTION analytics.true_cursor(p_advanced_at timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN p_advanced_at > clock_timestamp() + interval '1 minute' THEN clock_timestamp() ELSE p_advanced_at END
$$;

-- Every segment's sums from the samples themselves.
CREATE OR REPLACE VIEW analytics.segment_recount AS
  SELECT st.segment_id,
         count(x.t) FILTER (WHERE m180) AS n,
         COALESCE(sum(g) FILTER (WHERE m180), 0) AS w,
         COALESCE(sum(g * x.value) FILTER (WHERE m180), 0) AS s,
         COALESCE(sum(g * x.value * x.value) FILTER (WHERE m180), 0) AS q,
         COALESCE(sum((g::float8 * g::float8)::numeric) FILTER (WHERE m180), 0) AS w2,
         count(x.t) FILTER (WHERE m30) AS n30, COALESCE(sum(x.value) FILTER (WHERE m30), 0) AS s30,
         count(x.t) FILTER (WHERE m60) AS n60, COALESCE(sum(x.value) FILTER (WHERE m60), 0) AS s60,
         COALESCE(min(analytics.next_event(x.t, st.advanced_at)), 'infinity') AS next_event_at,
         st.advanced_at
  FROM (SELECT segment_id, analytics.true_cursor(advanced_at) AS advanced_at FROM analytics.segment_state) st
  LEFT JOIN analytics.sample x ON x.segment_id = st.segment_id
  LEFT JOIN LATERAL (SELECT analytics.forward_weight(x.t) AS g,
                            x.t > st.advanced_at - interval '4320 hours' AS m180,
                            x.t > st.advanced_at - interval '720 hours' AS m30,
                            x.t BETWEEN st.advanced_at - interval '1440 hours'
                                    AND st.advanced_at - interval '720 hours' AS m60) member ON true
  GROUP BY st.segment_id, st.advanced_at;

CREATE OR REPLACE VIEW analytics.tag_recount AS
  SELECT st.segment_id, tag, count(*) AS n
  FROM (SELECT segment_id, analytics.true_cursor(advanced_at) AS advanced_at FROM analytics.segment_state) st
  JOIN analytics.sample x ON x.segment_id = st.segment_id AND x.t > st.advanced_at - interval '4320 hours'
  CROSS JOIN LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
  GROUP BY st.segment_id, tag;

-- Where live and recount differ: nothing, unless something is broken. A next_event_at earlier than needed is no
-- drift (a deleted sample leaves one behind), a later one is.
CREATE OR REPLACE VIEW analytics.drift AS
  WITH tags AS MATERIALIZED (SELECT * FROM analytics.tag_recount)
  SELECT st.segment_id, what, stored, counted
  FROM analytics.segment_state st
  JOIN analytics.segment_recount r USING (segment_id)
  CROSS JOIN LATERAL (VALUES
    ('n', st.n::text, r.n::text, st.n = r.n),
    ('w', st.w::text, r.w::text, abs(st.w - r.w) <= 1e-12 * abs(r.w)),
    ('s', st.s::text, r.s::text, abs(st.s - r.s) <= 1e-12 * abs(r.s)),
    ('q', st.q::text, r.q::text, abs(st.q - r.q) <= 1e-12 * abs(r.q)),
    ('w2', st.w2::text, r.w2::text, abs(st.w2 - r.w2) <= 1e-12 * abs(r.w2)),
    ('n30', st.n30::text, r.n30::text, st.n30 = r.n30), ('s30', st.s30::text, r.s30::text, st.s30 = r.s30),
    ('n60', st.n60::text, r.n60::text, st.n60 = r.n60), ('s60', st.s60::text, r.s60::text, st.s60 = r.s60),
    ('next_event_at', st.next_event_at::text, r.next_event_at::text, st.next_event_at <= r.next_event_at),
    ('advanced_at', st.advanced_at::text, r.advanced_at::text, st.advanced_at <= r.advanced_at)
  ) AS v(what, stored, counted, same)
  WHERE NOT same
  UNION ALL
  SELECT COALESCE(g.segment_id, r.segment_id), 'tag ' || COALESCE(g.tag, r.tag), COALESCE(g.n, 0)::text, COALESCE(r.n, 0)::text
  FROM analytics.segment_tag g FULL JOIN tags r ON r.segment_id = g.segment_id AND r.tag = g.tag
  WHERE g.n IS DISTINCT FROM r.n
  UNION ALL
  SELECT st.segment_id, 'top_tags', st.top_tags::text, COALESCE(five.tags, '{}')::text
  FROM analytics.segment_state st
  LEFT JOIN (SELECT segment_id, (array_agg(tag ORDER BY n DESC, tag COLLATE "C"))[1:5] AS tags
             FROM tags GROUP BY segment_id) five USING (segment_id)
  WHERE st.top_tags <> COALESCE(five.tags, '{}')
  UNION ALL
  SELECT segment_id, 'state', 'absent', 'present' FROM diary.segments s
  WHERE NOT EXISTS (SELECT FROM analytics.segment_state st WHERE st.segment_id = s.segment_id)
  UNION ALL
  SELECT segment_id, 'change', CASE WHEN c.is_deleted THEN 'deleted' ELSE 'absent' END, 'present'
  FROM diary.segments s LEFT JOIN analytics.segment_change c USING (segment_id)
  WHERE c.is_deleted IS NOT FALSE;

-- Recounts everything with writers locked out, repairs what differs and returns it as it was.
CREATE OR REPLACE FUNCTION analytics.rebuild_segment_state()
RETURNS TABLE (segment_id varchar, what text, stored text, counted text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  LOCK TABLE diary.ratings, diary.votes IN SHARE ROW EXCLUSIVE MODE;
  LOCK TABLE analytics.segment_state IN SHARE ROW EXCLUSIVE MODE;   -- advance_windows too
  RETURN QUERY SELECT d.segment_id, d.what, d.stored, d.counted FROM analytics.drift d;

  INSERT INTO analytics.segment_state (segment_id) SELECT segment_id FROM diary.segments ON CONFLICT DO NOTHING;
  INSERT INTO analytics.segment_change (segment_id) SELECT segment_id FROM diary.segments ON CONFLICT DO NOTHING;
  UPDATE analytics.segment_state st
  SET n = r.n, w = r.w, s = r.s, q = r.q, w2 = r.w2, n30 = r.n30, s30 = r.s30, n60 = r.n60, s60 = r.s60,
      next_event_at = r.next_event_at, advanced_at = r.advanced_at, changed_at = clock_timestamp()
  FROM analytics.segment_recount r
  WHERE st.segment_id = r.segment_id
    AND (st.n, st.w, st.s, st.q, st.w2, st.n30, st.s30, st.n60, st.s60, st.next_event_at, st.advanced_at)
        IS DISTINCT FROM (r.n, r.w, r.s, r.q, r.w2, r.n30, r.s30, r.n60, r.s60, r.next_event_at, r.advanced_at);
  DELETE FROM analytics.segment_tag g
  WHERE NOT EXISTS (SELECT FROM analytics.tag_recount r WHERE r.segment_id = g.segment_id AND r.tag = g.tag);
  INSERT INTO analytics.segment_tag AS g (segment_id, tag, n) SELECT segment_id, tag, n FROM analytics.tag_recount
  ON CONFLICT (segment_id, tag) DO UPDATE SET n = EXCLUDED.n WHERE g.n <> EXCLUDED.n;
  UPDATE analytics.segment_state st SET top_tags = five.tags
  FROM (SELECT segment_id, ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = c.segment_id
                                 ORDER BY n DESC, tag COLLATE "C" LIMIT 5) AS tags
        FROM analytics.segment_state c) five
  WHERE st.segment_id = five.segment_id AND st.top_tags <> five.tags;
  UPDATE analytics.segment_change c
  SET changed_xid = pg_current_xact_id(), street_xid = pg_current_xact_id(),
      is_deleted = NOT EXISTS (SELECT FROM diary.segments s WHERE s.segment_id = c.segment_id);
END $$;

-- TRUNCATE has no transition tables.
CREATE OR REPLACE FUNCTION analytics.samples_truncated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM analytics.rebuild_segment_state();
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ratings_live_truncate AFTER TRUNCATE ON diary.ratings
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated();
CREATE OR REPLACE TRIGGER votes_live_truncate AFTER TRUNCATE ON diary.votes
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated();
