-- Audit: one trigger function for every table. Arguments: the primary key's column; the name to log, if it is not the
-- table's own (a month's table logs as the table that it belongs to). Rows of a statement are written together; an
-- UPDATE's old and new row are paired by the key. Password hashes are never logged.

CREATE OR REPLACE FUNCTION audit.audit_trigger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_table text := COALESCE(TG_ARGV[1], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
  v_key text := TG_ARGV[0];
  v_actor uuid;
  -- A batch of submissions acts for many users at once: diary.submit_ratings and submit_votes say so, and each row
  -- is then its user's own doing.
  v_own boolean := current_setting('diary.rows_are_own', true) = 'on';
BEGIN
  IF current_setting('diary.reopening', true) = 'on' AND diary.moving() THEN RETURN NULL; END IF;
  IF COALESCE(current_setting('diary.epoch_is_known', true), '') = '' THEN PERFORM diary.be_in_epoch(); END IF;
  IF v_own IS NOT TRUE THEN v_actor := auth.current_user_id(); END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, new_data)
    SELECT v_table, TG_OP, n.user_id, CASE WHEN v_own THEN n.user_id ELSE v_actor END,
           CASE WHEN v_table = 'auth.users' THEN to_jsonb(n) - 'password_hash' ELSE to_jsonb(n) END
    FROM new_rows n;   -- every audited table has a user_id
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, old_data, new_data)
    SELECT v_table, TG_OP, (COALESCE(n.j, o.j) ->> 'user_id')::uuid, v_actor, o.j, n.j
    FROM (SELECT to_jsonb(o) - 'password_hash' AS j FROM old_rows o) o
    FULL JOIN (SELECT to_jsonb(n) - 'password_hash' AS j FROM new_rows n) n ON o.j -> v_key = n.j -> v_key;
  ELSIF TG_OP = 'DELETE' THEN
    IF diary.moving() THEN RETURN NULL; END IF;   -- a month is being closed: nothing changes
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, old_data)
    SELECT v_table, TG_OP, (old_data ->> 'user_id')::uuid, v_actor, old_data
    FROM (SELECT to_jsonb(o) - 'password_hash' AS old_data FROM old_rows o) d;
  ELSE
    INSERT INTO audit.log (table_name, operation, actor_id) VALUES (v_table, TG_OP, v_actor);
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM (VALUES ('diary.ratings', 'ratings', 'rating_id'), ('diary.votes', 'votes', 'vote_id'),
                                 ('diary.routes', 'routes', 'route_id'), ('auth.users', 'users', 'user_id')) v(tab, name, key)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger(%L)', t.name || '_audit', t.tab, t.key);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger(%L)', t.name || '_audit_update', t.tab, t.key);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger(%L)', t.name || '_audit_delete', t.tab, t.key);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger()', t.name || '_audit_truncate', t.tab);
  END LOOP;
END $$;

-- What was erased counts as what it was before; with contents, a row counts as what it is.
DROP FUNCTION IF EXISTS audit.rows_hash(bytea, xid8, xid8);
CREATE OR REPLACE FUNCTION audit.rows_hash(p_previous bytea, p_epoch int, p_from xid8, p_upto xid8) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT sha256(p_previous || COALESCE(string_agg(COALESCE(e.row_hash, sha256(convert_to(l::text, 'UTF8'))), ''::bytea
                                                  ORDER BY l.log_id), ''))
  FROM diary.epoch_rows r
  -- + 0: by the index on txid, which finds a batch's rows; nearly all ids are of the epoch.
  JOIN audit.log l ON l.log_id + 0 >= r.first AND l.log_id + 0 < r.next AND l.txid >= p_from AND l.txid < p_upto
  LEFT JOIN audit.erased e ON e.log_id = l.log_id AND l.old_data IS NULL AND l.new_data IS NULL
  WHERE r.epoch = p_epoch
$$;

-- What is left of a person's erased rows, as one hash.
CREATE OR REPLACE FUNCTION audit.erased_digest(p_user uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT encode(sha256(COALESCE(string_agg(sha256(convert_to(l::text, 'UTF8')), ''::bytea ORDER BY l.log_id), '')), 'hex')
  FROM audit.log l JOIN audit.erased e USING (log_id) WHERE l.user_id = p_user
$$;

-- Erases what the rows about a person say, and leaves that, when and by whom something was done. The erasure is a row
-- itself, with a hash of what is left, so that the chain covers that, too. Returns how many rows.
CREATE OR REPLACE FUNCTION audit.erase(p_user uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM diary.be_in_epoch();
  WITH full_row AS MATERIALIZED (
    SELECT log_id, sha256(convert_to(l::text, 'UTF8')) AS row_hash FROM audit.log l
    WHERE user_id = p_user AND table_name <> 'audit.log' AND (old_data IS NOT NULL OR new_data IS NOT NULL)
  ), kept AS (
    INSERT INTO audit.erased (log_id, row_hash) SELECT log_id, row_hash FROM full_row
  )
  UPDATE audit.log l SET old_data = NULL, new_data = NULL FROM full_row f WHERE l.log_id = f.log_id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  INSERT INTO audit.log (table_name, operation, user_id, actor_id, new_data)
  VALUES ('audit.log', 'UPDATE', p_user, auth.current_user_id(),
          jsonb_build_object('erased', v_count, 'digest', audit.erased_digest(p_user)));
  RETURN v_count;
END $$;

-- The audit rows of one epoch with txid in [p_from, p_upto).
CREATE OR REPLACE FUNCTION audit.count_rows(p_epoch int, p_from xid8, p_upto xid8) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*)
  FROM diary.epoch_rows r
  JOIN audit.log l ON l.log_id + 0 >= r.first AND l.log_id + 0 < r.next AND l.txid >= p_from AND l.txid < p_upto
  WHERE r.epoch = p_epoch
$$;

-- Seals what is over and not yet sealed: a batch for each epoch that has such rows, and nearly always that is the
-- present one. Returns how many rows; 0 makes no batch.
CREATE OR REPLACE FUNCTION audit.seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_now int := diary.enter_epoch();
  v_epoch int;
  v_from xid8;
  v_upto xid8;
  v_previous bytea;
  v_rows bigint;
  v_all bigint := 0;
BEGIN
  SELECT epoch, upto_txid INTO v_epoch, v_from FROM audit.batch ORDER BY batch_id DESC LIMIT 1;
  IF NOT EXISTS (SELECT FROM audit.log WHERE txid >= COALESCE(v_from, '0') OR log_id >= (
       SELECT next FROM diary.epoch_rows WHERE epoch = v_epoch)) THEN
    RETURN 0;   -- as nearly always at night, when nothing is to be written for nothing
  END IF;
  PERFORM FROM diary.task WHERE name = 'seal' FOR UPDATE;   -- and then a snapshot that sees the batch of another
  SELECT epoch, upto_txid, hash INTO v_epoch, v_from, v_previous FROM audit.batch ORDER BY batch_id DESC LIMIT 1;
  v_epoch := COALESCE(v_epoch, (SELECT min(epoch) FROM diary.epoch));
  v_from := COALESCE(v_from, '0');
  v_previous := COALESCE(v_previous, '\x');
  WHILE v_epoch <= v_now LOOP
    -- Of an epoch that is over, every transaction is.
    v_upto := CASE WHEN v_epoch = v_now THEN pg_snapshot_xmin(pg_current_snapshot()) ELSE '18446744073709551615' END;
    v_rows := audit.count_rows(v_epoch, v_from, v_upto);
    IF v_rows > 0 THEN
      INSERT INTO audit.batch (epoch, from_txid, upto_txid, row_count, previous_hash, hash)
      VALUES (v_epoch, v_from, v_upto, v_rows, v_previous, audit.rows_hash(v_previous, v_epoch, v_from, v_upto))
      RETURNING hash INTO v_previous;
      v_all := v_all + v_rows;
    END IF;
    v_epoch := v_epoch + 1;
    v_from := '0';
  END LOOP;
  RETURN v_all;
END $$;

-- Deletes the rows of sealed batches that are older than p_keep, oldest first, up to about p_limit rows. The batches
-- stay, with their hashes: the chain goes on from the last of them. How many rows. Of what is to be kept elsewhere,
-- copy the rows out before: docs/operations.md.
CREATE OR REPLACE FUNCTION audit.let_go(p_keep interval, p_limit int DEFAULT 20000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count bigint;
  v_all bigint := 0;
  b record;
BEGIN
  IF p_keep < interval '1 month' OR p_keep IS NULL THEN
    RAISE EXCEPTION 'the audit log is kept for at least a month, not %', p_keep USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR b IN SELECT a.*, r.first, r.next FROM audit.batch a JOIN diary.epoch_rows r USING (epoch)
           WHERE let_go_at IS NULL AND sealed_at < now() - p_keep ORDER BY batch_id
  LOOP
    EXIT WHEN v_all >= p_limit;
    PERFORM FROM diary.task WHERE name = 'seal' FOR UPDATE;
    DELETE FROM audit.erased e USING audit.log l
    WHERE e.log_id = l.log_id AND l.log_id + 0 >= b.first AND l.log_id + 0 < b.next
      AND l.txid >= b.from_txid AND l.txid < b.upto_txid;
    DELETE FROM audit.log l
    WHERE l.log_id + 0 >= b.first AND l.log_id + 0 < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    UPDATE audit.batch SET let_go_at = clock_timestamp() WHERE batch_id = b.batch_id;
    v_all := v_all + v_count;
  END LOOP;
  RETURN v_all;
END $$;

-- The newest batch: what to keep elsewhere, for broken_batches() to be asked about later.
CREATE OR REPLACE FUNCTION audit.head() RETURNS TABLE (batch_id bigint, hash bytea, sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT batch_id, hash, sealed_at FROM audit.batch ORDER BY batch_id DESC LIMIT 1
$$;

-- The batches whose rows no longer give the hash that was sealed, or that do not follow from the one before. The
-- chain itself cannot show that its end was cut off, nor that all of it was computed anew: given what head() said
-- once, it is named too when it is not there any more as it was. So is the batch of an erasure whose rows are not what
-- it left, and that of an erased row that no erasure tells of.
DROP FUNCTION IF EXISTS audit.broken_batches();
CREATE OR REPLACE FUNCTION audit.broken_batches(p_batch_id bigint DEFAULT NULL, p_hash bytea DEFAULT NULL)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH sealed AS (   -- with the ids of its epoch's rows
    SELECT b.*, r.first, r.next FROM audit.batch b JOIN diary.epoch_rows r USING (epoch)
  ), chained AS (
    SELECT *, lag(hash, 1, '\x'::bytea) OVER w AS expected_previous,
           CASE WHEN lag(epoch) OVER w = epoch THEN lag(upto_txid) OVER w ELSE '0'::xid8 END AS expected_from,
           lag(epoch, 1, epoch) OVER w AS former, lead(epoch, 1, epoch) OVER w AS following,
           lag(let_go_at IS NOT NULL, 1, true) OVER w AS former_is_gone
    FROM sealed WINDOW w AS (ORDER BY batch_id)
  )
  SELECT batch_id FROM chained
  WHERE previous_hash <> expected_previous
     OR from_txid <> expected_from
     OR epoch < former
     OR CASE WHEN let_go_at IS NOT NULL THEN audit.count_rows(epoch, from_txid, upto_txid) > 0
             ELSE hash <> audit.rows_hash(previous_hash, epoch, from_txid, upto_txid)
               OR row_count <> audit.count_rows(epoch, from_txid, upto_txid) END
     -- Rows are let go of from the beginning on, and not before a month.
     OR let_go_at IS NOT NULL AND (NOT former_is_gone OR let_go_at < sealed_at + interval '1 month')
     -- An epoch that was left has no rows behind its last batch.
     OR following <> epoch AND EXISTS (SELECT FROM audit.log l
                                       WHERE l.log_id >= first AND l.log_id < next AND l.txid >= upto_txid)
  UNION
  SELECT b.batch_id
  FROM audit.log l
  JOIN sealed b ON l.log_id >= b.first AND l.log_id < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid
  WHERE l.table_name = 'audit.log' AND l.new_data ->> 'digest' IS DISTINCT FROM audit.erased_digest(l.user_id)
  UNION
  SELECT b.batch_id
  FROM audit.erased e
  JOIN audit.log l USING (log_id)
  JOIN sealed b ON l.log_id >= b.first AND l.log_id < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid
  WHERE NOT EXISTS (SELECT FROM audit.log r WHERE r.table_name = 'audit.log' AND r.user_id = l.user_id)
  UNION
  SELECT p_batch_id
  WHERE p_batch_id IS NOT NULL AND NOT EXISTS (SELECT FROM audit.batch WHERE batch_id = p_batch_id AND hash = p_hash)
  ORDER BY 1
$$;
