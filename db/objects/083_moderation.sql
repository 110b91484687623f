-- Ratings after they were submitted: taken back by their authors, judged by moderators. Both lock the street before
-- the rating, as whoever submits does, and keep months from being closed meanwhile, so that the row is where it was
-- found.

-- Takes back a rating of the user that the transaction acts for: the one with this id, or, for the id of a submission
-- that rated a route, all that became of it. How many; 0 when that user has none such. Scores follow. A closed month is
-- no obstacle, nor one that was let go.
CREATE OR REPLACE FUNCTION diary.withdraw_rating(p_id uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user uuid := auth.current_user_id();
  v_ids uuid[];
  v_segments varchar[];
  v_child text;
  v_count int := 0;
BEGIN
  PERFORM diary.hold_moves();
  SELECT array_agg(rating_id), array_agg(segment_id) INTO v_ids, v_segments
  FROM diary.ratings WHERE rating_id = p_id AND user_id = v_user;
  IF v_ids IS NULL THEN
    SELECT array_agg(rating_id), array_agg(segment_id) INTO v_ids, v_segments
    FROM diary.ratings WHERE user_id = v_user AND rating_id = public.uuid_generate_v5(p_id, segment_id);
  END IF;
  IF v_ids IS NOT NULL THEN
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
    WITH gone AS (
      DELETE FROM diary.ratings WHERE rating_id = ANY (v_ids) AND user_id = v_user RETURNING *
    )
    INSERT INTO diary.withdrawn_ratings (id, user_id, route_id, submitted_at, received_at)
    SELECT rating_id, user_id, route_id, submitted_at, received_at FROM gone;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
  END IF;
  SELECT p.child INTO v_child
  FROM diary.closed_ratings c JOIN diary.partition p ON p.parent = 'ratings' AND p.month = c.month
  WHERE c.id = p_id AND p.detached_at IS NOT NULL AND to_regclass(format('diary.%I', p.child)) IS NOT NULL;
  IF v_child IS NOT NULL THEN
    EXECUTE format('WITH gone AS (DELETE FROM diary.%I WHERE rating_id = $1 AND user_id = $2 RETURNING *) '
                   'INSERT INTO diary.withdrawn_ratings (id, user_id, route_id, submitted_at, received_at) '
                   'SELECT rating_id, user_id, route_id, submitted_at, received_at FROM gone', v_child)
      USING p_id, v_user;
    GET DIAGNOSTICS v_count = ROW_COUNT;
  END IF;
  RETURN v_count;
END $$;

-- A moderator's word on a rating. Accepted, it counts from when it was submitted; otherwise it does not count. The
-- status that it had before, or NULL when there is no such rating. 23505 unique_rating_per_hour when it would stand
-- beside another of the same user on the same street within the hour that is not rejected.
-- Who may call this is the caller's to know; who did stands in the audit log.
CREATE OR REPLACE FUNCTION diary.moderate_rating(p_id uuid, p_status varchar, p_reason text) RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_segment varchar;
  v_before varchar;
  v_reason text;
BEGIN
  PERFORM diary.hold_moves();
  SELECT segment_id INTO v_segment FROM diary.ratings WHERE rating_id = p_id;
  PERFORM FROM analytics.segment_state WHERE segment_id = v_segment FOR NO KEY UPDATE;
  SELECT status, moderation_reason INTO v_before, v_reason FROM diary.ratings WHERE rating_id = p_id FOR UPDATE;
  IF v_before <> p_status OR v_reason IS DISTINCT FROM p_reason THEN
    UPDATE diary.ratings SET status = p_status, moderation_reason = p_reason WHERE rating_id = p_id;
  END IF;
  RETURN v_before;
END $$;
