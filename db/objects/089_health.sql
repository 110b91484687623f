-- What a DBA who takes the database over would doubt, and what to do about it.

-- The sequences behind the columns of our tables that count, and how far the columns are.
CREATE OR REPLACE VIEW analytics.sequence_state AS
  SELECT 'audit.log_log_id_seq' AS sequence, (SELECT max(log_id) FROM audit.log) AS used,
         (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM audit.log_log_id_seq) AS given
  UNION ALL
  SELECT 'audit.batch_batch_id_seq', (SELECT max(batch_id) FROM audit.batch),
         (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM audit.batch_batch_id_seq);

-- The months that were let go and whose tables were dropped since. Their ids stay taken: a late retry is known.
CREATE OR REPLACE FUNCTION analytics.dropped_months(p_parent text) RETURNS date[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT COALESCE(array_agg(month), '{}') FROM diary.partition
  WHERE parent = p_parent AND detached_at IS NOT NULL AND to_regclass(format('diary.%I', child)) IS NULL
$$;

-- Rows of closed months, with what is known of their ids; one row for each table.
CREATE OR REPLACE FUNCTION analytics.month_doubts() RETURNS TABLE (subject text, detail text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_rows bigint;
  v_unknown bigint;
  v_strange bigint;
  t record;
BEGIN
  FOR t IN SELECT *, left(parent, -1) || '_id' AS key FROM diary.partition ORDER BY child LOOP
    subject := 'diary.' || t.child;
    IF to_regclass(format('diary.%I', t.child)) IS NULL THEN
      -- A month that was let go may be dropped; its ids stay taken.
      IF t.detached_at IS NULL THEN
        detail := 'diary.partition has it, and there is no such table';
        RETURN NEXT;
      END IF;
      CONTINUE;
    END IF;
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE c.id IS NULL OR c.month <> $1), '
                   'count(*) FILTER (WHERE r.submitted_at < $1::timestamptz '
                   'OR r.submitted_at >= $1::timestamptz + interval ''1 month'') '
                   'FROM ONLY diary.%I r LEFT JOIN diary.closed_%s c ON c.id = r.%I', t.child, t.parent, t.key)
      INTO v_rows, v_unknown, v_strange USING t.month;
    IF v_unknown > 0 THEN
      detail := format('%s of %s rows have no id in diary.closed_%s, which could be given again', v_unknown, v_rows, t.parent);
      RETURN NEXT;
    END IF;
    IF v_strange > 0 THEN
      detail := format('%s of %s rows are of another month', v_strange, v_rows);
      RETURN NEXT;
    END IF;
    IF t.detached_at IS NULL AND t.month >= v_before AND v_rows > 0 THEN
      detail := format('%s rows of a month that is not over for three days: looks for duplicates pass them by', v_rows);
      RETURN NEXT;
    END IF;
    IF (t.detached_at IS NULL) IS DISTINCT FROM EXISTS (
         SELECT FROM pg_inherits WHERE inhrelid = format('diary.%I', t.child)::regclass
           AND inhparent = format('diary.%I', t.parent)::regclass) THEN
      detail := CASE WHEN t.detached_at IS NULL THEN format('does not inherit from diary.%s: its rows are not counted', t.parent)
                     ELSE format('was let go and still inherits from diary.%s', t.parent) END;
      RETURN NEXT;
    END IF;
  END LOOP;
  FOR t IN SELECT v.parent, format('closed_%s', v.parent) AS tab,
                  (SELECT count(*) FROM diary.closed_ratings
                   WHERE v.parent = 'ratings' AND month <> ALL (v.dropped)) +
                  (SELECT count(*) FROM diary.closed_votes
                   WHERE v.parent = 'votes' AND month <> ALL (v.dropped)) AS known
           FROM (SELECT parent, analytics.dropped_months(parent) AS dropped
                 FROM unnest(ARRAY['ratings', 'votes']) parent) v
  LOOP
    EXECUTE (SELECT 'SELECT ' || COALESCE(string_agg(format('(SELECT count(*) FROM ONLY diary.%I)', child), ' + '), '0')
             FROM diary.partition p
             WHERE p.parent = t.parent AND to_regclass(format('diary.%I', child)) IS NOT NULL) INTO v_rows;
    EXECUTE format('SELECT count(*) FROM ONLY diary.%I o JOIN diary.closed_%1$s c ON c.id = o.%I', t.parent,
                   left(t.parent, -1) || '_id') INTO v_unknown;
    IF v_unknown > 0 THEN
      subject := 'diary.' || t.parent;
      detail := format('%s rows have the id of a closed row', v_unknown);
      RETURN NEXT;
    END IF;
    IF t.known > v_rows THEN
      subject := 'diary.' || t.tab;
      detail := format('%s ids of no row: they are refused to whoever sends them', t.known - v_rows);
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;

-- One row for each doubt; none when all is well. It recounts everything: seconds for a million ratings.
CREATE OR REPLACE VIEW analytics.health AS
  WITH ours AS (
    SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
  )
  SELECT 'sums' AS doubt, 'analytics.segment_state' AS subject,
         format('%s values of %s segments are not what a recount gives, first %s of %s: %s instead of %s', count(*),
                count(DISTINCT segment_id), (array_agg(what))[1], (array_agg(segment_id))[1], (array_agg(stored))[1],
                (array_agg(counted))[1]) AS detail,
         'diary rebuild' AS remedy
  FROM analytics.drift WHERE what <> 'advanced_at' HAVING count(*) > 0
  UNION ALL
  SELECT 'cursors', 'analytics.segment_state',
         format('%s cursors lie ahead of the clock, the last at %s', count(*), max(advanced_at)), 'diary rebuild'
  FROM analytics.segment_state WHERE advanced_at > clock_timestamp() + interval '1 minute' HAVING count(*) > 0
  UNION ALL
  SELECT 'cursors', 'analytics.segment_state',
         format('%s segments have had a sample at a window''s edge for over 10 minutes', count(*)),
         'start a server, or SELECT analytics.advance_windows(1000000)'
  FROM analytics.segment_state WHERE next_event_at < clock_timestamp() - interval '10 minutes' HAVING count(*) > 0
  UNION ALL
  SELECT 'columns', 'diary.segments',
         format('%s segments show other figures than analytics.segment_live, first %s', count(*), min(segment_id)),
         'start a server, or SELECT analytics.sync_segments()'
  FROM diary.segments g JOIN analytics.segment_live l USING (segment_id)
  WHERE l.changed_at < clock_timestamp() - interval '10 seconds'
    AND (abs(g.decayed_mean - l.decayed_mean) > 0.02 OR abs(g.delta_30d - l.delta_30d) > 0.02
         OR g.top_tags <> l.top_tags OR abs(g.n_eff - LEAST(l.n_eff, 999999.99)) > 0.02 + 0.02 * l.n_eff)
  HAVING count(*) > 0
  UNION ALL
  SELECT 'future', name, format('%s rows are of a time to come, the last of %s', n, last),
         'correct the clock; rows that stay ahead of it: UPDATE ' || name || ' SET submitted_at = ..., received_at = ...'
  FROM (SELECT 'diary.ratings' AS name, count(*) AS n, max(submitted_at) AS last FROM diary.ratings
        WHERE submitted_at > clock_timestamp() + interval '10 minutes'
        UNION ALL
        SELECT 'diary.votes', count(*), max(submitted_at) FROM diary.votes
        WHERE submitted_at > clock_timestamp() + interval '10 minutes') f
  WHERE n > 0
  UNION ALL
  SELECT 'triggers', ours.name,
         format('trigger %I is %s', t.tgname,
                CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled for replication alone' ELSE 'always enabled' END),
         format('ALTER TABLE %s ENABLE TRIGGER %I, then diary rebuild', ours.name, t.tgname)
  FROM pg_trigger t JOIN ours ON ours.oid = t.tgrelid WHERE t.tgenabled <> 'O'
  UNION ALL
  SELECT 'settings', COALESCE('role ' || setrole::regrole::text, 'database ' || datname),
         format('each new session begins with %s: triggers do not fire', setting),
         CASE WHEN setrole <> 0 THEN format('ALTER ROLE %s RESET session_replication_role', setrole::regrole)
              ELSE format('ALTER DATABASE %I RESET session_replication_role', datname) END
  FROM (SELECT NULLIF(setrole, 0) AS setrole, (SELECT datname FROM pg_database d WHERE d.oid = setdatabase) AS datname,
               unnest(setconfig) AS setting
        FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) s
  WHERE setting LIKE 'session\_replication\_role=%' AND setting NOT LIKE '%=origin'
  UNION ALL
  SELECT 'audit', 'audit.log', format('%s rows are not sealed, the oldest of %s', count(*), min(changed_at)),
         'end the transaction that has been open since then (pg_stat_activity), then SELECT audit.seal()'
  FROM audit.log l
  WHERE NOT EXISTS (SELECT FROM audit.batch b JOIN diary.epoch_rows r USING (epoch)
                    WHERE l.log_id >= r.first AND l.log_id < r.next AND l.txid < b.upto_txid)
  HAVING min(changed_at) < clock_timestamp() - interval '5 minutes'
  UNION ALL
  SELECT 'audit', 'audit.batch', format('batch %s was altered after it had been sealed', b),
         'find out who; what the rows were, a backup from before has'
  FROM audit.broken_batches() b
  UNION ALL
  SELECT 'months', subject, detail, 'diary rebuild' FROM analytics.month_doubts()
  UNION ALL
  SELECT 'months', format('diary.%s', parent), format('rows of %s have been waiting since %s for their month to be closed',
         to_char(month, 'YYYY-MM'), month + interval '1 month 3 days'),
         'start a server, or SELECT diary.close_months(100000) until it returns 0'
  FROM (SELECT 'ratings' AS parent, date_trunc('month', min(submitted_at), 'UTC') AS month FROM ONLY diary.ratings
        UNION ALL
        SELECT 'votes', date_trunc('month', min(submitted_at), 'UTC') FROM ONLY diary.votes) o
  WHERE month + interval '1 month 4 days' < now()
    AND NOT EXISTS (SELECT FROM diary.partition p
                    WHERE p.parent = o.parent AND p.month = (o.month AT TIME ZONE 'UTC')::date AND p.detached_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = format('diary.%I', o.parent)::regclass)
  UNION ALL
  SELECT 'sequences', sequence, format('gave %s, and the table has %s', given, used), 'diary rebuild'
  FROM analytics.sequence_state WHERE used > given
  UNION ALL
  SELECT 'indexes', i.indexrelid::regclass::text, 'is not valid: no query uses it, no constraint is kept by it',
         format('REINDEX INDEX %s', i.indexrelid::regclass)
  FROM pg_index i JOIN ours ON ours.oid = i.indrelid WHERE NOT i.indisvalid
  UNION ALL
  SELECT 'collations', format('database %I', datname),
         format('made with version %s of its collation, running with %s: indexes on text may be out of order',
                datcollversion, pg_database_collation_actual_version(oid)),
         format('REINDEX DATABASE %I; ALTER DATABASE %1$I REFRESH COLLATION VERSION', datname)
  FROM pg_database
  WHERE datname = current_database() AND datcollversion <> pg_database_collation_actual_version(oid)
  UNION ALL
  SELECT DISTINCT 'collations', format('collation %s', l.oid::regcollation),
         format('the index %s was made with version %s of it, running with %s: it may be out of order',
                i.indexrelid::regclass, collversion, pg_collation_actual_version(l.oid)),
         format('REINDEX INDEX %s; ALTER COLLATION %s REFRESH VERSION', i.indexrelid::regclass, l.oid::regcollation)
  FROM pg_index i CROSS JOIN LATERAL unnest(i.indcollation) k(oid) JOIN pg_collation l ON l.oid = k.oid
  JOIN ours ON ours.oid = i.indrelid
  WHERE collversion <> pg_collation_actual_version(l.oid);

-- Heals what analytics.health doubts, as far as the schema's owner can, and tells what it did. Sums are another
-- function's, analytics.rebuild_segment_state().
CREATE OR REPLACE FUNCTION analytics.heal() RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count bigint;
  t record;
BEGIN
  FOR t IN SELECT g.tgrelid::regclass::text AS tab, g.tgname
           FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND g.tgenabled <> 'O' AND NOT g.tgisinternal
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', t.tab, t.tgname);
    RETURN NEXT format('trigger %I of %s is enabled again', t.tgname, t.tab);
  END LOOP;
  FOR t IN SELECT * FROM analytics.sequence_state WHERE used > given LOOP
    PERFORM setval(t.sequence::regclass, t.used);
    RETURN NEXT format('sequence %s goes on behind %s', t.sequence, t.used);
  END LOOP;
  PERFORM diary.enter_epoch();
  PERFORM diary.align_partitions(true);
  FOR t IN SELECT * FROM diary.partition LOOP
    IF t.month = ANY (analytics.dropped_months(t.parent)) THEN
      CONTINUE;
    ELSIF to_regclass(format('diary.%I', t.child)) IS NULL THEN
      DELETE FROM diary.partition WHERE parent = t.parent AND month = t.month;
      RETURN NEXT format('diary.%s is gone, and its month forgotten', t.child);
    ELSIF t.detached_at IS NULL AND NOT EXISTS (
            SELECT FROM pg_inherits WHERE inhrelid = format('diary.%I', t.child)::regclass) THEN
      EXECUTE format('ALTER TABLE diary.%I INHERIT diary.%I', t.child, t.parent);
      RETURN NEXT format('diary.%s inherits from diary.%s again', t.child, t.parent);
    END IF;
  END LOOP;
  FOR t IN SELECT *, left(parent, -1) || '_id' AS key FROM diary.partition
           WHERE month <> ALL (analytics.dropped_months(parent))
  LOOP
    EXECUTE format('INSERT INTO diary.closed_%s AS c (id, month) SELECT %I, $1 FROM ONLY diary.%I '
                   'ON CONFLICT (id) DO UPDATE SET month = EXCLUDED.month WHERE c.month <> EXCLUDED.month',
                   t.parent, t.key, t.child) USING t.month;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN RETURN NEXT format('%s ids of diary.%s are known again', v_count, t.child); END IF;
  END LOOP;
  FOR t IN SELECT parent, left(parent, -1) || '_id' AS key,
                  string_agg(format('SELECT %I FROM ONLY diary.%I', left(parent, -1) || '_id', child), ' UNION ALL ') AS ids
           FROM diary.partition WHERE month <> ALL (analytics.dropped_months(parent)) GROUP BY parent
  LOOP
    EXECUTE format('DELETE FROM diary.closed_%s c WHERE month <> ALL ($1) '
                   'AND NOT EXISTS (SELECT FROM (%s) r WHERE r.%I = c.id)', t.parent, t.ids, t.key)
      USING analytics.dropped_months(t.parent);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN RETURN NEXT format('%s ids of no row are free again', v_count); END IF;
  END LOOP;
  v_count := diary.reopen_months();
  IF v_count > 0 THEN RETURN NEXT format('%s rows of months that are not over are open again', v_count); END IF;
  v_count := diary.close_months(1000000);
  IF v_count > 0 THEN RETURN NEXT format('%s rows of months that are over are closed', v_count); END IF;
END $$;
