-- What closed months mean to those who write. diary.ratings and diary.votes are ordinary tables, the open part, that
-- everything is inserted into; their inheritance children hold the months that diary.close_months moved out of them.
--
-- A closed row is older than three days. Whoever looks for rows that lie within a day of a newer time than 25 hours ago
-- may look into the open part alone, ONLY diary.ratings; the server's submissions are never older.

-- Whether this very transaction is moving rows at this moment. Nobody but the mover can make it so.
CREATE OR REPLACE FUNCTION diary.moving() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT moving FROM diary.closing
$$;

-- Waits for a mover, keeps others away until the end of the transaction, and says how often rows have been moved up to
-- now. Under REPEATABLE READ and SERIALIZABLE, 40001 if they were since the snapshot.
CREATE OR REPLACE FUNCTION diary.hold_moves() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_moves bigint;
BEGIN
  SELECT moves INTO v_moves FROM diary.closing FOR SHARE;
  RETURN v_moves;
END $$;

-- An UPDATE or DELETE would pass by, in silence, a row that is moved between its snapshot and its turn: it fails
-- instead, as in a declaratively partitioned table. STABLE, so that the first SELECT has the statement's own snapshot.
-- Cascades need none of this: the foreign keys of the month's table make the mover and the deletion wait.
CREATE OR REPLACE FUNCTION diary.refuse_moved() RETURNS trigger
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_moves bigint;
BEGIN
  SELECT moves INTO v_moves FROM diary.closing;
  IF v_moves <> diary.hold_moves() THEN
    RAISE EXCEPTION 'a month of diary.% was being closed; try again', TG_TABLE_NAME
      USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ratings_refuse_moved BEFORE UPDATE OR DELETE ON diary.ratings
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION diary.refuse_moved();
CREATE OR REPLACE TRIGGER votes_refuse_moved BEFORE UPDATE OR DELETE ON diary.votes
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION diary.refuse_moved();

-- A closed row, its month attached or not. All NULL when somebody dropped the month's table.
CREATE OR REPLACE FUNCTION diary.closed_rating(p_id uuid, p_month date) RETURNS diary.ratings
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_child text := (SELECT child FROM diary.partition WHERE parent = 'ratings' AND month = p_month);
  v_row diary.ratings;
BEGIN
  IF to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    EXECUTE format('SELECT * FROM diary.%I WHERE rating_id = $1', v_child) INTO v_row USING p_id;
  END IF;
  RETURN v_row;
END $$;

CREATE OR REPLACE FUNCTION diary.closed_vote(p_id uuid, p_month date) RETURNS diary.votes
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_child text := (SELECT child FROM diary.partition WHERE parent = 'votes' AND month = p_month);
  v_row diary.votes;
BEGIN
  IF to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    EXECUTE format('SELECT * FROM diary.%I WHERE vote_id = $1', v_child) INTO v_row USING p_id;
  END IF;
  RETURN v_row;
END $$;

CREATE OR REPLACE FUNCTION diary.refuse_id(p_table text, p_key text, p_id uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'duplicate key value violates unique constraint "%_pkey"', p_table
    USING ERRCODE = 'unique_violation', SCHEMA = 'diary', TABLE = p_table, CONSTRAINT = p_table || '_pkey',
          DETAIL = format('Key (%s)=(%s) already exists in a closed month.', p_key, p_id),
          HINT = format('ON CONFLICT does not reach a closed month; UPDATE diary.%s ... WHERE %s = %L does.', p_table, p_key, p_id);
END $$;

-- An id that a closed row has: the same submission is a repetition, and nothing is to be done; any other is refused,
-- whatever ON CONFLICT says, for the key's own index does not reach a closed month. Times do not count (a client that
-- leaves submitted_at to the database gets another one with each attempt), nor from where it was sent. An UPDATE by the
-- id reaches every month.
-- submit_ratings and submit_votes have looked already.
CREATE OR REPLACE FUNCTION diary.know_closed_rating() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_month date;
  c diary.ratings;
BEGIN
  SELECT month INTO v_month FROM diary.closed_ratings WHERE id = NEW.rating_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  c := diary.closed_rating(NEW.rating_id, v_month);
  IF TG_OP = 'INSERT'
     AND (c.user_id, c.segment_id, c.route_id, c.rating, c.tags, c.comment) IS NOT DISTINCT FROM
         (NEW.user_id, NEW.segment_id, NEW.route_id, NEW.rating, NEW.tags, NEW.comment) THEN
    RETURN NULL;
  END IF;
  PERFORM diary.refuse_id('ratings', 'rating_id', NEW.rating_id);
END $$;

-- A vote's value is of its moment, and no part of what was submitted.
CREATE OR REPLACE FUNCTION diary.know_closed_vote() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_month date;
  c diary.votes;
BEGIN
  SELECT month INTO v_month FROM diary.closed_votes WHERE id = NEW.vote_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  c := diary.closed_vote(NEW.vote_id, v_month);
  IF TG_OP = 'INSERT' AND (c.user_id, c.segment_id, c.action) IS NOT DISTINCT FROM
                          (NEW.user_id, NEW.segment_id, NEW.action) THEN
    RETURN NULL;
  END IF;
  PERFORM diary.refuse_id('votes', 'vote_id', NEW.vote_id);
END $$;

CREATE OR REPLACE TRIGGER ratings_know_closed BEFORE INSERT ON diary.ratings
  FOR EACH ROW WHEN (current_setting('diary.rows_are_own', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION diary.know_closed_rating();
CREATE OR REPLACE TRIGGER ratings_know_closed_update BEFORE UPDATE OF rating_id ON diary.ratings
  FOR EACH ROW WHEN (NEW.rating_id <> OLD.rating_id) EXECUTE FUNCTION diary.know_closed_rating();
CREATE OR REPLACE TRIGGER votes_know_closed BEFORE INSERT ON diary.votes
  FOR EACH ROW WHEN (current_setting('diary.rows_are_own', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION diary.know_closed_vote();
CREATE OR REPLACE TRIGGER votes_know_closed_update BEFORE UPDATE OF vote_id ON diary.votes
  FOR EACH ROW WHEN (NEW.vote_id <> OLD.vote_id) EXECUTE FUNCTION diary.know_closed_vote();

-- A closed row whose time goes into another month goes back into the open part, and from there on as any other. The
-- statement that did it counts this row as not updated.
CREATE OR REPLACE FUNCTION diary.change_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_key text := left(TG_ARGV[0], -1) || '_id';
  v_columns text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO v_columns
  FROM pg_attribute
  WHERE attrelid = format('diary.%I', TG_ARGV[0])::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
  EXECUTE format('DELETE FROM diary.%I WHERE %I = ($1).%2$I', TG_TABLE_NAME, v_key) USING OLD;
  EXECUTE format('INSERT INTO diary.%I (%s) SELECT %2$s FROM (SELECT ($1).*) n', TG_ARGV[0], v_columns) USING NEW;
  RETURN NULL;
END $$;

-- What is deleted frees its id, as in the open part.
CREATE OR REPLACE FUNCTION diary.forget_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF diary.moving() THEN RETURN NULL; END IF;
  IF TG_ARGV[0] = 'ratings' THEN
    DELETE FROM diary.closed_ratings c USING old_rows o WHERE c.id = o.rating_id;
  ELSE
    DELETE FROM diary.closed_votes c USING old_rows o WHERE c.id = o.vote_id;
  END IF;
  RETURN NULL;
END $$;

-- TRUNCATE of an open table reaches its attached months, and fires the triggers of each. Those of the months that
-- matter once (live sums, audit) are silent while this setting, which only the owner can make use of, is on.
CREATE OR REPLACE FUNCTION diary.truncate_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('diary.truncating_' || TG_TABLE_NAME, 'on', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION diary.forget_truncated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('DELETE FROM diary.closed_%s WHERE month IN (SELECT month FROM diary.partition WHERE parent = $1 '
                 'AND (child = $2 OR $1 = $2 AND detached_at IS NULL))', TG_ARGV[0])
    USING TG_ARGV[0], TG_TABLE_NAME::text;
  IF TG_TABLE_NAME = TG_ARGV[0] THEN PERFORM set_config('diary.truncating_' || TG_ARGV[0], '', true); END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ratings_forget_closed AFTER DELETE ON diary.ratings
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_closed('ratings');
CREATE OR REPLACE TRIGGER votes_forget_closed AFTER DELETE ON diary.votes
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_closed('votes');
CREATE OR REPLACE TRIGGER ratings_truncate_begins BEFORE TRUNCATE ON diary.ratings
  FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins();
CREATE OR REPLACE TRIGGER votes_truncate_begins BEFORE TRUNCATE ON diary.votes
  FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins();
CREATE OR REPLACE TRIGGER ratings_forget_truncated AFTER TRUNCATE ON diary.ratings
  FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated('ratings');
CREATE OR REPLACE TRIGGER votes_forget_truncated AFTER TRUNCATE ON diary.votes
  FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated('votes');
