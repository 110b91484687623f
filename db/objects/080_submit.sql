-- The write path of the server: many users' submissions in one statement, one transaction, one fsync. Each gets its
-- own outcome, and one that is refused leaves the others alone. The caller never puts the same id, nor the same user
-- and segment, twice into a batch. Times lie at most 24 hours back, so that only an id can meet a closed month; should
-- they not, the table's triggers still refuse what is wrong, though for the whole batch.

-- p_rows: [{i, g, rating_id, segment_id, route_id, user_id, token_id, issued_at, rating, tags, comment, submitted_at,
-- timed, device, source, status}]. Rows of one g (the segments of a rated route) are stored all or none. timed: the
-- client gave the time, so a repetition must give the same. token_id, issued_at: whose it is, is asked here as
-- auth.begin_session asks it elsewhere; unknown_user when the token or the account is not good any more.
-- outcome: created | repeated | mismatch | withdrawn | unknown_segment | unknown_user | duplicate | limited
CREATE OR REPLACE FUNCTION diary.submit_ratings(p_rows json, p_per_hour int)
RETURNS TABLE (i int, outcome text, retry_after_s int, segment_id varchar, rating smallint, tags text[], comment text,
               submitted_at timestamptz, status varchar)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_material = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_segments varchar[];
  v_users uuid[];
  v_judged boolean;   -- all that the table's triggers would look for is looked for here
BEGIN
  SELECT array_agg(r.segment_id), array_agg(r.user_id), count(*) = count(DISTINCT (r.user_id, r.segment_id)) AND count(*) = count(DISTINCT r.rating_id)
           AND bool_and(r.submitted_at > clock_timestamp() - interval '25 hours')
    INTO v_segments, v_users, v_judged
  FROM json_to_recordset(p_rows) AS r(rating_id uuid, segment_id varchar, user_id uuid, submitted_at timestamptz);
  -- This locks person and street before the state, as their deletion does; the foreign keys would lock them later.
  PERFORM FROM analytics.segment_state
  WHERE (SELECT count(*) FROM (SELECT FROM auth.users WHERE user_id = ANY (v_users) FOR KEY SHARE) u) >= 0
    AND (SELECT count(*) FROM (SELECT FROM diary.segments WHERE segment_id = ANY (v_segments) FOR KEY SHARE) g) >= 0
    AND segment_id = ANY (v_segments)
  ORDER BY segment_id FOR NO KEY UPDATE;
  PERFORM set_config('diary.rows_are_own', 'on', true);
  IF v_judged AND current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM set_config('diary.rows_are_judged', 'on', true);
  END IF;
  RETURN QUERY
  WITH row AS MATERIALIZED (
    SELECT * FROM json_to_recordset(p_rows) AS r(
      i int, g int, rating_id uuid, segment_id varchar, route_id uuid, user_id uuid, token_id varchar,
      issued_at timestamptz, rating smallint, tags text[], comment text, submitted_at timestamptz, timed boolean,
      device varchar, source varchar, status varchar)
  ), judged AS MATERIALIZED (
    SELECT r.*, o.rating_id IS NOT NULL OR c.id IS NOT NULL AS known,
      CASE
        WHEN u.user_id IS NULL OR k.token_id IS NOT NULL THEN 'unknown_user'
        WHEN o.rating_id IS NOT NULL OR c.id IS NOT NULL THEN
          CASE WHEN e.user_id = r.user_id AND e.segment_id = r.segment_id AND e.rating = r.rating
                AND e.tags = r.tags AND e.comment IS NOT DISTINCT FROM r.comment
                AND e.route_id IS NOT DISTINCT FROM r.route_id
                AND e.device IS NOT DISTINCT FROM r.device AND e.source IS NOT DISTINCT FROM r.source
                AND (NOT r.timed OR e.submitted_at = r.submitted_at)
               THEN 'repeated' ELSE 'mismatch' END
        WHEN w.id IS NOT NULL THEN 'withdrawn'
        WHEN s.segment_id IS NULL THEN 'unknown_segment'
        WHEN twin.at IS NOT NULL THEN 'duplicate'
        WHEN lately.n + dense_rank() OVER (PARTITION BY r.user_id ORDER BY r.g) > p_per_hour THEN 'limited'
        ELSE 'created'
      END AS outcome,
      CASE WHEN twin.at IS NOT NULL
           THEN GREATEST(1, ceil(extract(epoch FROM twin.at + interval '1 hour' - clock_timestamp())))
           ELSE GREATEST(1, ceil(extract(epoch FROM lately.first + interval '1 hour' - clock_timestamp()))) END AS wait_s,
      e.rating AS e_rating, e.tags AS e_tags, e.comment AS e_comment, e.submitted_at AS e_submitted_at, e.status AS e_status
    FROM row r
    LEFT JOIN ONLY diary.ratings o ON o.rating_id = r.rating_id
    LEFT JOIN diary.closed_ratings c ON c.id = r.rating_id
    LEFT JOIN diary.withdrawn_ratings w ON w.id = r.rating_id
    LEFT JOIN LATERAL (
      SELECT o.* WHERE c.id IS NULL
      UNION ALL
      SELECT k.* FROM diary.closed_rating(c.id, c.month) k WHERE c.id IS NOT NULL
    ) e ON true
    LEFT JOIN auth.users u ON u.user_id = r.user_id AND u.is_active
      AND (r.issued_at < u.tokens_valid_from) IS NOT TRUE
    LEFT JOIN auth.revoked_tokens k ON k.user_id = r.user_id AND k.token_id = r.token_id
    LEFT JOIN diary.segments s ON s.segment_id = r.segment_id
    LEFT JOIN LATERAL (
      SELECT max(t.submitted_at) AS at FROM ONLY diary.ratings t
      WHERE t.user_id = r.user_id AND t.segment_id = r.segment_id AND t.status <> 'rejected'
        AND t.submitted_at > r.submitted_at - interval '1 hour' AND t.submitted_at < r.submitted_at + interval '1 hour'
    ) twin ON true
    LEFT JOIN LATERAL (   -- a rated route is one submission; times lie at most 24 h back
      SELECT count(DISTINCT (COALESCE(l.route_id, l.id), l.submitted_at)) AS n, min(l.received_at) AS first
      FROM (
        SELECT rating_id AS id, route_id, submitted_at, received_at FROM ONLY diary.ratings
        WHERE user_id = r.user_id AND submitted_at > clock_timestamp() - interval '26 hours'
          AND received_at > clock_timestamp() - interval '1 hour'
        UNION ALL
        SELECT id, route_id, submitted_at, received_at FROM diary.withdrawn_ratings
        WHERE user_id = r.user_id AND received_at > clock_timestamp() - interval '1 hour'
      ) l
    ) lately ON true
  ), verdict AS MATERIALIZED (
    SELECT j.*, bool_and(j.outcome = 'created') OVER (PARTITION BY j.g) AS store FROM judged j
  ), stored AS (
    INSERT INTO diary.ratings (rating_id, segment_id, route_id, user_id, rating, tags, comment, submitted_at, device,
                               source, status)
    SELECT rating_id, segment_id, route_id, user_id, rating, tags, comment, submitted_at, device, source, status
    FROM verdict WHERE store ORDER BY segment_id
  )
  SELECT v.i, v.outcome, v.wait_s::int, v.segment_id,
         COALESCE(v.e_rating, v.rating), COALESCE(v.e_tags, v.tags),
         CASE WHEN v.known THEN v.e_comment ELSE v.comment END,
         COALESCE(v.e_submitted_at, v.submitted_at), COALESCE(v.e_status, v.status)
  FROM verdict v ORDER BY v.i;
  PERFORM set_config('diary.rows_are_own', '', true), set_config('diary.rows_are_judged', '', true);
END $$;

-- p_rows: [{i, vote_id, segment_id, user_id, token_id, issued_at, action, submitted_at, timed}], each segment once.
-- outcome as above, and 'duplicate' for the same user, segment and action within 24 hours.
CREATE OR REPLACE FUNCTION diary.submit_votes(p_rows json, p_per_hour int)
RETURNS TABLE (i int, outcome text, retry_after_s int, implicit_rating numeric, submitted_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_material = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_segments varchar[];
  v_users uuid[];
BEGIN
  SELECT array_agg(r ->> 'segment_id'), array_agg((r ->> 'user_id')::uuid) INTO v_segments, v_users
  FROM json_array_elements(p_rows) r;
  PERFORM FROM analytics.segment_state
  WHERE (SELECT count(*) FROM (SELECT FROM auth.users WHERE user_id = ANY (v_users) FOR KEY SHARE) u) >= 0
    AND (SELECT count(*) FROM (SELECT FROM diary.segments WHERE segment_id = ANY (v_segments) FOR KEY SHARE) g) >= 0
    AND segment_id = ANY (v_segments)
  ORDER BY segment_id FOR NO KEY UPDATE;
  PERFORM set_config('diary.rows_are_own', 'on', true);
  RETURN QUERY
  WITH row AS MATERIALIZED (
    SELECT * FROM json_to_recordset(p_rows) AS r(
      i int, vote_id uuid, segment_id varchar, user_id uuid, token_id varchar, issued_at timestamptz, action varchar,
      submitted_at timestamptz, timed boolean)
  ), judged AS MATERIALIZED (
    SELECT r.*,
      CASE
        WHEN u.user_id IS NULL OR k.token_id IS NOT NULL THEN 'unknown_user'
        WHEN o.vote_id IS NOT NULL OR c.id IS NOT NULL THEN
          CASE WHEN e.user_id = r.user_id AND e.segment_id = r.segment_id AND e.action = r.action
                AND (NOT r.timed OR e.submitted_at = r.submitted_at) THEN 'repeated' ELSE 'mismatch' END
        WHEN l.segment_id IS NULL THEN 'unknown_segment'
        WHEN twin.at IS NOT NULL THEN 'duplicate'
        WHEN lately.n + row_number() OVER (PARTITION BY r.user_id ORDER BY r.i) > p_per_hour THEN 'limited'
        ELSE 'created'
      END AS outcome,
      CASE WHEN twin.at IS NOT NULL
           THEN GREATEST(1, ceil(extract(epoch FROM twin.at + interval '24 hours' - clock_timestamp())))
           ELSE GREATEST(1, ceil(extract(epoch FROM lately.first + interval '1 hour' - clock_timestamp()))) END AS wait_s,
      -- the score of this moment, under the segment's lock, at full precision
      COALESCE(e.implicit_rating,
               CASE r.action WHEN 'agree' THEN l.decayed_mean ELSE LEAST(l.decayed_mean + 1, 5) END) AS value,
      COALESCE(e.submitted_at, r.submitted_at) AS at
    FROM row r
    LEFT JOIN ONLY diary.votes o ON o.vote_id = r.vote_id
    LEFT JOIN diary.closed_votes c ON c.id = r.vote_id
    LEFT JOIN LATERAL (
      SELECT o.* WHERE c.id IS NULL
      UNION ALL
      SELECT k.* FROM diary.closed_vote(c.id, c.month) k WHERE c.id IS NOT NULL
    ) e ON true
    LEFT JOIN auth.users u ON u.user_id = r.user_id AND u.is_active
      AND (r.issued_at < u.tokens_valid_from) IS NOT TRUE
    LEFT JOIN auth.revoked_tokens k ON k.user_id = r.user_id AND k.token_id = r.token_id
    LEFT JOIN LATERAL (SELECT * FROM analytics.segment_live v WHERE v.segment_id = r.segment_id) l ON true
    LEFT JOIN LATERAL (
      SELECT max(t.submitted_at) AS at FROM ONLY diary.votes t
      WHERE t.user_id = r.user_id AND t.segment_id = r.segment_id AND t.action = r.action
        AND t.submitted_at > r.submitted_at - interval '24 hours' AND t.submitted_at < r.submitted_at + interval '24 hours'
    ) twin ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS n, min(t.received_at) AS first FROM ONLY diary.votes t
      WHERE t.user_id = r.user_id AND t.submitted_at > clock_timestamp() - interval '26 hours'
        AND t.received_at > clock_timestamp() - interval '1 hour'
    ) lately ON true
  ), stored AS (
    INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at)
    SELECT vote_id, segment_id, user_id, action, value, submitted_at FROM judged
    WHERE outcome = 'created' ORDER BY segment_id
  )
  SELECT j.i, j.outcome, j.wait_s::int, j.value, j.at FROM judged j ORDER BY j.i;
  PERFORM set_config('diary.rows_are_own', '', true);
END $$;
