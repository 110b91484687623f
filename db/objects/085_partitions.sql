-- The tables of the months: made ahead, filled when a month is over, let go by retention. diary.partition has them.

CREATE OR REPLACE FUNCTION diary.refuse_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF diary.moving() THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'diary.% holds a closed month: insert into diary.%', TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;

CREATE OR REPLACE FUNCTION diary.refuse_new_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a row of a closed month (diary.%) keeps its id', TG_TABLE_NAME
    USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;

-- All triggers of a month's table. A cascade reaches it by its own foreign key and fires its own triggers; a statement
-- that names the open table fires that table's, with the months' rows among the others. p_live: it is attached.
CREATE OR REPLACE FUNCTION diary.make_partition_triggers(p_parent text, p_child text, p_live boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key text := left(p_parent, -1) || '_id';
  v_once text := format('WHEN (current_setting(%L, true) IS DISTINCT FROM ''on'')', 'diary.truncating_' || p_parent);
  v_changed text := format('analytics.%s_changed()', p_parent);
  v_audit text := format('audit.audit_trigger(%L, %L)', v_key, 'diary.' || p_parent);
  t record;
BEGIN
  FOR t IN SELECT * FROM (VALUES
    ('refuse_insert', 'BEFORE INSERT', '', '', format('diary.refuse_insert(%L)', p_parent), false),
    ('forget_closed', 'AFTER DELETE', 'old', '', format('diary.forget_closed(%L)', p_parent), false),
    ('forget_truncated', 'AFTER TRUNCATE', '', '', format('diary.forget_truncated(%L)', p_parent), false),
    ('audit_update', 'AFTER UPDATE', 'both', '', v_audit, false),
    ('audit_delete', 'AFTER DELETE', 'old', '', v_audit, false),
    ('audit_truncate', 'AFTER TRUNCATE', '', v_once, v_audit, false),
    ('live_update', 'AFTER UPDATE', 'both', '', v_changed, true),
    ('live_delete', 'AFTER DELETE', 'old', '', v_changed, true),
    ('live_truncate', 'AFTER TRUNCATE', '', v_once, 'analytics.samples_truncated()', true)
  ) v(name, at, rows, cond, call, of_live)
  LOOP
    IF t.of_live AND NOT p_live THEN
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON diary.%I', p_parent || '_' || t.name, p_child);
    ELSE
      EXECUTE format('CREATE OR REPLACE TRIGGER %I %s ON diary.%I %s FOR EACH STATEMENT %s EXECUTE FUNCTION %s',
                     p_parent || '_' || t.name, t.at, p_child,
                     CASE t.rows WHEN 'old' THEN 'REFERENCING OLD TABLE AS old_rows'
                                 WHEN 'both' THEN 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows' ELSE '' END,
                     t.cond, t.call);
    END IF;
  END LOOP;
  EXECUTE format('CREATE OR REPLACE TRIGGER %1$I BEFORE UPDATE OF %2$I ON diary.%3$I FOR EACH ROW '
                 'WHEN (NEW.%2$I <> OLD.%2$I) EXECUTE FUNCTION diary.refuse_new_id()',
                 p_parent || '_refuse_new_id', v_key, p_child);
  EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OF submitted_at ON diary.%I FOR EACH ROW WHEN '
                 '(date_trunc(''month'', NEW.submitted_at, ''UTC'') <> date_trunc(''month'', OLD.submitted_at, ''UTC'')) '
                 'EXECUTE FUNCTION diary.change_month(%L)', p_parent || '_change_month', p_child, p_parent);
END $$;

-- Gives a month's table what its open table has and it lacks: indexes (compared by what they are, not by name) and
-- foreign keys. Columns and checks are inherited.
CREATE OR REPLACE FUNCTION diary.align_partition(p_parent text, p_child text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_parent regclass := format('diary.%I', p_parent)::regclass;
  v_child regclass := format('diary.%I', p_child)::regclass;
  t record;
BEGIN
  FOR t IN
    SELECT indisunique, substring(pg_get_indexdef(indexrelid) FROM ' USING .*$') AS what
    FROM pg_index WHERE indrelid = v_parent AND indisvalid
    EXCEPT
    SELECT indisunique, substring(pg_get_indexdef(indexrelid) FROM ' USING .*$') FROM pg_index WHERE indrelid = v_child
  LOOP
    EXECUTE format('CREATE %s INDEX ON %s %s', CASE WHEN t.indisunique THEN 'UNIQUE' END, v_child, t.what);
  END LOOP;
  FOR t IN
    SELECT pg_get_constraintdef(oid) AS what FROM pg_constraint WHERE conrelid = v_parent AND contype = 'f'
    EXCEPT
    SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = v_child AND contype = 'f'
  LOOP
    EXECUTE format('ALTER TABLE %s ADD %s', v_child, t.what);
  END LOOP;
END $$;

-- All attached months. p_triggers: make their triggers anew, too.
CREATE OR REPLACE FUNCTION diary.align_partitions(p_triggers boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM diary.partition WHERE to_regclass(format('diary.%I', child)) IS NOT NULL ORDER BY parent, month
  LOOP
    IF t.detached_at IS NULL THEN PERFORM diary.align_partition(t.parent, t.child); END IF;
    IF p_triggers THEN PERFORM diary.make_partition_triggers(t.parent, t.child, t.detached_at IS NULL); END IF;
  END LOOP;
END $$;

-- The month's table, made if it is not there. The caller holds the task 'months'.
CREATE OR REPLACE FUNCTION diary.make_partition(p_parent text, p_month date) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET client_min_messages = warning AS $$
DECLARE
  v_child text := p_parent || to_char(p_month, '"_p"YYYY"_"MM');
BEGIN
  IF EXISTS (SELECT FROM diary.partition WHERE parent = p_parent AND month = p_month)
     AND to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    RETURN v_child;
  END IF;
  EXECUTE format('CREATE TABLE diary.%I (LIKE diary.%I INCLUDING ALL, '
                 'CONSTRAINT month CHECK (submitted_at >= %L::timestamptz AND submitted_at < %L::timestamptz)) '
                 'INHERITS (diary.%2$I)', v_child, p_parent,
                 p_month::timestamptz, (p_month + interval '1 month')::timestamptz);
  PERFORM diary.align_partition(p_parent, v_child);
  PERFORM diary.make_partition_triggers(p_parent, v_child, true);
  INSERT INTO diary.partition (parent, month, child) VALUES (p_parent, p_month, v_child)
  ON CONFLICT (parent, month) DO UPDATE SET made_at = clock_timestamp(), detached_at = NULL;
  RETURN v_child;
END $$;

-- The tables of this month and of the p_ahead next. Idempotent; the server calls it every hour.
CREATE OR REPLACE FUNCTION diary.make_partitions(p_ahead int DEFAULT 3) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  PERFORM diary.align_partitions();
  PERFORM diary.make_partition(
    parent, (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m))::date)
  FROM unnest(ARRAY['ratings', 'votes']) parent, generate_series(0, LEAST(p_ahead, 120)) m ORDER BY parent, m;
END $$;

-- Moves up to p_limit rows of one kind, oldest month first. What others hold is left for the next call.
CREATE OR REPLACE FUNCTION diary.close_some(p_parent text, p_before timestamptz, p_limit bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
DECLARE
  v_key text := left(p_parent, -1) || '_id';
  v_columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                     WHERE attrelid = format('diary.%I', p_parent)::regclass AND attnum > 0 AND NOT attisdropped
                       AND attgenerated = '');
  -- A row that somebody's foreign key points to stays in the open part, which is what the key refers to.
  v_free text := (SELECT COALESCE(string_agg(format(' AND NOT EXISTS (SELECT FROM %s f WHERE f.%I = r.%I)',
                                                    k.conrelid::regclass, mine.attname, theirs.attname), ''), '')
                  FROM pg_constraint k
                  JOIN pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attnum = k.conkey[1]
                  JOIN pg_attribute theirs ON theirs.attrelid = k.confrelid AND theirs.attnum = k.confkey[1]
                  WHERE k.contype = 'f' AND k.confrelid = format('diary.%I', p_parent)::regclass);
  v_from timestamptz := '-infinity';
  v_to timestamptz;
  v_month date;
  v_moved bigint := 0;
  v_count bigint;
BEGIN
  WHILE v_moved < p_limit LOOP
    EXECUTE format('SELECT date_trunc(''month'', min(submitted_at)) FROM ONLY diary.%I '
                   'WHERE submitted_at >= $1 AND submitted_at < $2', p_parent) INTO v_from USING v_from, p_before;
    EXIT WHEN v_from IS NULL;
    v_month := v_from;
    v_to := v_from + interval '1 month';
    -- Rows that came after their month had been let go stay in the open part.
    IF NOT EXISTS (SELECT FROM diary.partition
                   WHERE parent = p_parent AND month = v_month AND detached_at IS NOT NULL) THEN
      UPDATE diary.closing SET moving = true, moves = moves + 1 WHERE NOT moving;
      EXECUTE format(
        'WITH picked AS MATERIALIZED (SELECT %1$I AS id FROM ONLY diary.%2$I r '
        'WHERE submitted_at >= $1 AND submitted_at < $2%5$s ORDER BY submitted_at LIMIT $3 FOR UPDATE SKIP LOCKED), '
        'gone AS (DELETE FROM ONLY diary.%2$I WHERE %1$I IN (SELECT id FROM picked) RETURNING *), '
        'known AS (INSERT INTO diary.closed_%2$s (id, month) SELECT %1$I, $4 FROM gone) '
        'INSERT INTO diary.%3$I (%4$s) SELECT %4$s FROM gone',
        v_key, p_parent, diary.make_partition(p_parent, v_month), v_columns, v_free)
        USING v_from, v_to, p_limit - v_moved, v_month;
      GET DIAGNOSTICS v_count = ROW_COUNT;
      v_moved := v_moved + v_count;
    END IF;
    v_from := v_to;
  END LOOP;
  RETURN v_moved;
END $$;

-- Moves up to p_limit rows of months that ended over three days ago into the tables of those months, and remembers
-- their ids. Returns how many; 0 when there is nothing, when another session is at it, or when something is in the way:
-- the mover always gives way, well before anybody else's deadlock_timeout.
-- Three days, because a vote's twin may lie 24 hours before a time 24 hours ago, and a day to spare (025_closed.sql).
CREATE OR REPLACE FUNCTION diary.close_months(p_limit int DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_moved bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM ONLY diary.ratings WHERE submitted_at < v_before)
     AND NOT EXISTS (SELECT FROM ONLY diary.votes WHERE submitted_at < v_before) THEN
    RETURN 0;
  END IF;
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  BEGIN
    v_moved := diary.close_some('ratings', v_before, p_limit);
    v_moved := v_moved + diary.close_some('votes', v_before, p_limit - v_moved);
    UPDATE diary.closing SET moving = false WHERE moving;
  EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN 0;
  END;
  RETURN v_moved;
END $$;

-- Takes back into the open part the closed rows that are not old enough for a month's table: a clock that ran ahead
-- closed them, and looks for rows of the last days see the open part alone. Returns how many rows.
CREATE OR REPLACE FUNCTION diary.reopen_months() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_columns text;
  v_count bigint;
  v_all bigint := 0;
  t record;
BEGIN
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  FOR t IN SELECT parent, child, left(parent, -1) || '_id' AS key FROM diary.partition
           WHERE detached_at IS NULL AND month >= v_before AND to_regclass(format('diary.%I', child)) IS NOT NULL
  LOOP
    EXECUTE format('SELECT count(*) FROM diary.%I', t.child) INTO v_count;
    CONTINUE WHEN v_count = 0;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO v_columns
    FROM pg_attribute
    WHERE attrelid = format('diary.%I', t.parent)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    UPDATE diary.closing SET moving = true, moves = moves + 1;
    PERFORM set_config('diary.reopening', 'on', true);
    EXECUTE format('DELETE FROM diary.closed_%s c USING diary.%I r WHERE c.id = r.%I', t.parent, t.child, t.key);
    EXECUTE format('WITH gone AS (DELETE FROM diary.%1$I RETURNING *) '
                   'INSERT INTO diary.%2$I (%3$s) SELECT %3$s FROM gone', t.child, t.parent, v_columns);
    PERFORM set_config('diary.reopening', '', true);
    UPDATE diary.closing SET moving = false;
    v_all := v_all + v_count;
  END LOOP;
  RETURN v_all;
END $$;

-- Lets go of the months that ended over p_keep ago: their tables leave the inheritance and stay as they are, reached
-- by deletions of accounts, streets and routes, and audited. How many. Scores look back 180 days, so 7 months at least;
-- and a month that some segment's cursor has not yet left behind waits, or the sums would keep what nobody can see.
CREATE OR REPLACE FUNCTION diary.detach_months(p_keep interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '1s' AS $$
DECLARE
  v_open boolean;
  v_count int := 0;
  t record;
BEGIN
  IF p_keep < interval '7 months' OR p_keep IS NULL THEN
    RAISE EXCEPTION 'ratings and votes are kept for at least 7 months, not %', p_keep
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  FOR t IN SELECT parent, month, child, month + interval '1 month' AS ended FROM diary.partition
           WHERE detached_at IS NULL AND month + interval '1 month' <= now() - p_keep ORDER BY month, parent
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM ONLY diary.%I WHERE submitted_at >= $1 AND submitted_at < $2)',
                   t.parent)
      INTO v_open USING t.month::timestamptz, t.ended::timestamptz;
    CONTINUE WHEN v_open OR EXISTS (SELECT FROM analytics.segment_state
                                    WHERE next_event_at <= t.ended::timestamptz + interval '4320 hours');
    EXECUTE format('ALTER TABLE diary.%I NO INHERIT diary.%I', t.child, t.parent);
    PERFORM diary.make_partition_triggers(t.parent, t.child, false);
    UPDATE diary.partition SET detached_at = clock_timestamp() WHERE parent = t.parent AND month = t.month;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $$;

SELECT diary.align_partitions(true);
SELECT diary.make_partitions();
