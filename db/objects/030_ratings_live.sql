-- The statement-level triggers on ratings and votes. Each takes the locks of all its segments in one order, then
-- refuses duplicates, then folds: whoever waited for a lock sees what its holder committed, so the refusal holds
-- under concurrency. Planner switches: a plan made while the table was empty must not scan it once it is not.

CREATE OR REPLACE FUNCTION analytics.refuse_duplicate(
  p_constraint text, p_user uuid, p_segment varchar, p_at timestamptz, p_other timestamptz, p_span text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'duplicate key value violates unique constraint "%"', p_constraint
    USING ERRCODE = 'unique_violation', CONSTRAINT = p_constraint,
          DETAIL = format('User %s has segment %s at %s already, less than %s from %s.',
                          p_user, p_segment, p_other, p_span, p_at);
END $$;

CREATE OR REPLACE FUNCTION analytics.ratings_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_segments varchar[];
  v_values numeric[];
  v_times timestamptz[];
  v_signs int[];
  v_first timestamptz;
  v_tagged boolean;
  v_twin record;
  -- diary.submit_ratings has locked the segments and looked for twins and closed ids itself.
  v_judged boolean := TG_OP = 'INSERT' AND current_setting('diary.rows_are_judged', true) = 'on';
BEGIN
  -- Into its month's table, or out of it again: nothing changes.
  IF (TG_OP = 'DELETE' OR current_setting('diary.reopening', true) = 'on') AND diary.moving() THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at),
           array_agg((status = 'accepted')::int), bool_or(tags <> '{}' AND status = 'accepted'), min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_tagged, v_first FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at), array_agg(-1), bool_or(tags <> '{}')
      INTO v_segments, v_values, v_times, v_signs, v_tagged FROM old_rows WHERE status = 'accepted';
  ELSE   -- a comment's edit, or a route's end (SET NULL), cancels out and takes no lock
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at),
           array_agg(CASE WHEN status = 'accepted' THEN change ELSE 0 END), true, min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_tagged, v_first
    FROM (SELECT segment_id, rating, submitted_at, tags, status, user_id, sum(sign)::int AS change
          FROM (SELECT segment_id, rating, submitted_at, tags, status, user_id, 1 AS sign FROM new_rows
                UNION ALL
                SELECT segment_id, rating, submitted_at, tags, status, user_id, -1 FROM old_rows) both_sides
          GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0) changed;
  END IF;
  IF v_segments IS NULL THEN RETURN NULL; END IF;

  IF v_judged IS NOT TRUE THEN
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
  END IF;

  IF TG_OP <> 'DELETE' AND v_judged IS NOT TRUE THEN
    -- A month may have been closed since the row was let in: its ids once more.
    IF TG_OP = 'INSERT' AND current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM diary.hold_moves();
    END IF;
    SELECT * INTO v_twin FROM (
      SELECT n.user_id, n.segment_id, n.submitted_at, r.submitted_at AS other, NULL::uuid AS closed_id
      FROM new_rows n
      JOIN ONLY diary.ratings r ON r.user_id = n.user_id AND r.segment_id = n.segment_id
        AND r.submitted_at > n.submitted_at - interval '1 hour' AND r.submitted_at < n.submitted_at + interval '1 hour'
      WHERE r.rating_id <> n.rating_id AND r.status <> 'rejected' AND n.status <> 'rejected'
      UNION ALL
      SELECT NULL, NULL, NULL, NULL, n.rating_id
      FROM new_rows n JOIN diary.closed_ratings c ON c.id = n.rating_id WHERE TG_OP = 'INSERT'
    ) found LIMIT 1;
    -- Only a row older than this can have a twin in a closed month; there the UNIQUE constraint does not reach, either.
    IF NOT FOUND AND v_first < clock_timestamp() - interval '25 hours' THEN
      SELECT n.user_id, n.segment_id, n.submitted_at, r.submitted_at AS other, NULL::uuid AS closed_id INTO v_twin
      FROM new_rows n
      JOIN diary.ratings r ON r.user_id = n.user_id AND r.segment_id = n.segment_id
        AND r.submitted_at > n.submitted_at - interval '1 hour' AND r.submitted_at < n.submitted_at + interval '1 hour'
      WHERE r.rating_id <> n.rating_id
        AND (r.submitted_at = n.submitted_at OR r.status <> 'rejected' AND n.status <> 'rejected')
      LIMIT 1;
    END IF;
    IF v_twin.closed_id IS NOT NULL THEN
      PERFORM diary.refuse_id('ratings', 'rating_id', v_twin.closed_id);
    ELSIF v_twin.user_id IS NOT NULL THEN
      PERFORM analytics.refuse_duplicate('unique_rating_per_hour', v_twin.user_id, v_twin.segment_id,
                                         v_twin.submitted_at, v_twin.other, '1 hour');
    END IF;
  END IF;

  IF v_tagged AND TG_OP = 'INSERT' THEN
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(1))
    FROM new_rows, LATERAL (SELECT DISTINCT unnest(tags) AS tag) u WHERE status = 'accepted';
  ELSIF v_tagged AND TG_OP = 'DELETE' THEN
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(-1))
    FROM old_rows, LATERAL (SELECT DISTINCT unnest(tags) AS tag) u WHERE status = 'accepted';
  ELSIF v_tagged THEN
    -- Only what does not cancel out: the lock of a segment whose rows stay as they were was not taken.
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(change))
    FROM (SELECT segment_id, tag, submitted_at, sum(sign)::int AS change
          FROM (SELECT segment_id, tags, submitted_at, 1 AS sign FROM new_rows WHERE status = 'accepted'
                UNION ALL
                SELECT segment_id, tags, submitted_at, -1 FROM old_rows WHERE status = 'accepted') both_sides,
               LATERAL (SELECT DISTINCT unnest(tags) AS tag) u
          GROUP BY 1, 2, 3 HAVING sum(sign) <> 0) changed;
  END IF;
  PERFORM analytics.fold(v_segments, v_values, v_times, v_signs, v_tagged);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION analytics.votes_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_segments varchar[];
  v_values numeric[];
  v_times timestamptz[];
  v_signs int[];
  v_first timestamptz;
  v_twin record;
BEGIN
  IF (TG_OP = 'DELETE' OR current_setting('diary.reopening', true) = 'on') AND diary.moving() THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(1), min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_first FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(-1)
      INTO v_segments, v_values, v_times, v_signs FROM old_rows;
  ELSE
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(change),
           min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_first
    FROM (SELECT segment_id, implicit_rating, submitted_at, user_id, action, sum(sign)::int AS change
          FROM (SELECT segment_id, implicit_rating, submitted_at, user_id, action, 1 AS sign FROM new_rows
                UNION ALL
                SELECT segment_id, implicit_rating, submitted_at, user_id, action, -1 FROM old_rows) both_sides
          GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0) changed;
  END IF;
  IF v_segments IS NULL THEN RETURN NULL; END IF;

  PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;

  IF TG_OP <> 'DELETE' THEN
    IF TG_OP = 'INSERT' AND current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM diary.hold_moves();
    END IF;
    SELECT * INTO v_twin FROM (
      SELECT n.user_id, n.segment_id, n.submitted_at, v.submitted_at AS other, NULL::uuid AS closed_id
      FROM new_rows n
      JOIN ONLY diary.votes v ON v.user_id = n.user_id AND v.segment_id = n.segment_id AND v.action = n.action
        AND v.submitted_at > n.submitted_at - interval '24 hours'
        AND v.submitted_at < n.submitted_at + interval '24 hours'
      WHERE v.vote_id <> n.vote_id
      UNION ALL
      SELECT NULL, NULL, NULL, NULL, n.vote_id
      FROM new_rows n JOIN diary.closed_votes c ON c.id = n.vote_id WHERE TG_OP = 'INSERT'
    ) found LIMIT 1;
    IF NOT FOUND AND v_first < clock_timestamp() - interval '25 hours' THEN
      SELECT n.user_id, n.segment_id, n.submitted_at, v.submitted_at AS other, NULL::uuid AS closed_id INTO v_twin
      FROM new_rows n
      JOIN diary.votes v ON v.user_id = n.user_id AND v.segment_id = n.segment_id AND v.action = n.action
        AND v.submitted_at > n.submitted_at - interval '24 hours'
        AND v.submitted_at < n.submitted_at + interval '24 hours'
      WHERE v.vote_id <> n.vote_id
      LIMIT 1;
    END IF;
    IF v_twin.closed_id IS NOT NULL THEN
      PERFORM diary.refuse_id('votes', 'vote_id', v_twin.closed_id);
    ELSIF v_twin.user_id IS NOT NULL THEN
      PERFORM analytics.refuse_duplicate('unique_vote_per_day', v_twin.user_id, v_twin.segment_id,
                                         v_twin.submitted_at, v_twin.other, '24 hours');
    END IF;
  END IF;
  PERFORM analytics.fold(v_segments, v_values, v_times, v_signs, false);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ratings_live_insert AFTER INSERT ON diary.ratings
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();
CREATE OR REPLACE TRIGGER ratings_live_update AFTER UPDATE ON diary.ratings
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();
CREATE OR REPLACE TRIGGER ratings_live_delete AFTER DELETE ON diary.ratings
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();
CREATE OR REPLACE TRIGGER votes_live_insert AFTER INSERT ON diary.votes
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();
CREATE OR REPLACE TRIGGER votes_live_update AFTER UPDATE ON diary.votes
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();
CREATE OR REPLACE TRIGGER votes_live_delete AFTER DELETE ON diary.votes
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();

-- A deletion of accounts or streets cascades into ratings, then into votes. Each cascade locks its own segments in order;
-- the two together are in no order, and two deletions could wait for each other. So this takes all locks before: the
-- rows first, then the segments. The triggers' names come before those of the foreign keys: triggers of one event fire in
-- the order of their names. One such deletion runs at a time: two of them lock common rows in different orders.
CREATE OR REPLACE FUNCTION analytics.delete_alone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM diary.task WHERE name = 'delete' FOR UPDATE;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER users_delete_alone BEFORE DELETE ON auth.users
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone();
CREATE OR REPLACE TRIGGER segments_delete_alone BEFORE DELETE ON diary.segments
  FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone();
CREATE OR REPLACE FUNCTION analytics.lock_in_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_segments varchar[] := '{}';
  v_users uuid[] := '{}';
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    IF OLD.user_id IS DISTINCT FROM (SELECT user_id FROM old_rows LIMIT 1) THEN RETURN NULL; END IF;   -- once, for all
    SELECT array_agg(user_id) INTO v_users FROM old_rows;
  ELSE
    IF OLD.segment_id IS DISTINCT FROM (SELECT segment_id FROM old_rows LIMIT 1) THEN RETURN NULL; END IF;
    SELECT array_agg(segment_id) INTO v_segments FROM old_rows;
  END IF;
  -- Others come by rows in whatever order their plans have. So none is held while another is waited for: all or nothing,
  -- a hundred times, and then as everybody does.
  FOR i IN 1..100 LOOP
    BEGIN
      PERFORM FROM diary.ratings WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments) FOR UPDATE NOWAIT;
      PERFORM FROM diary.votes WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments) FOR UPDATE NOWAIT;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN PERFORM pg_sleep(0.01);
    END;
  END LOOP;
  PERFORM FROM diary.ratings WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments)
  ORDER BY submitted_at DESC FOR UPDATE;
  PERFORM FROM diary.votes WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments)
  ORDER BY submitted_at DESC FOR UPDATE;
  SELECT v_segments || COALESCE(array_agg(segment_id), '{}') INTO v_segments
  FROM (SELECT segment_id FROM diary.ratings WHERE user_id = ANY (v_users)
        UNION SELECT segment_id FROM diary.votes WHERE user_id = ANY (v_users)) touched;
  PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "A_users_lock_in_order" AFTER DELETE ON auth.users
  REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION analytics.lock_in_order();
CREATE OR REPLACE TRIGGER "A_segments_lock_in_order" AFTER DELETE ON diary.segments
  REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION analytics.lock_in_order();
