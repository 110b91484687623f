-- Which history of which cluster the numbers of transactions that are given now belong to: see diary.epoch.

-- The epoch of this moment, begun if nobody has begun it yet. Whoever is first to write after a move begins it before
-- its own first audit row; others that come meanwhile wait for that transaction.
CREATE OR REPLACE FUNCTION diary.enter_epoch() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_last diary.epoch;
  v_system bigint;
  v_timeline int;
BEGIN
  SELECT * INTO v_last FROM diary.epoch ORDER BY epoch DESC LIMIT 1;
  IF pg_is_in_recovery() THEN RETURN v_last.epoch; END IF;
  SELECT system_identifier INTO v_system FROM pg_control_system();
  v_timeline := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int;
  IF (v_last.system_identifier, v_last.timeline) IS NOT DISTINCT FROM (v_system, v_timeline) THEN
    RETURN v_last.epoch;
  END IF;
  -- The sequence may not have come along: logical replication leaves it behind.
  IF (SELECT max(log_id) FROM audit.log) >= (SELECT last_value FROM audit.log_log_id_seq) THEN
    PERFORM setval('audit.log_log_id_seq', (SELECT max(log_id) FROM audit.log));
  END IF;
  INSERT INTO diary.epoch (epoch, system_identifier, timeline, first_log_id)
  VALUES (COALESCE(v_last.epoch, 0) + 1, v_system, v_timeline, nextval('audit.log_log_id_seq'))
  ON CONFLICT DO NOTHING;
  RETURN COALESCE(v_last.epoch, 0) + 1;
END $$;

-- A session stays in one history for as long as it lasts: it looks once.
CREATE OR REPLACE FUNCTION diary.be_in_epoch() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF COALESCE(current_setting('diary.epoch_is_known', true), '') = '' THEN
    PERFORM diary.enter_epoch();
    PERFORM set_config('diary.epoch_is_known', 'yes', false);
  END IF;
END $$;

-- The audit rows of an epoch: ids in [first, next).
CREATE OR REPLACE VIEW diary.epoch_rows AS
  SELECT epoch, first_log_id AS first,
         lead(first_log_id, 1, 9223372036854775807) OVER (ORDER BY epoch) AS next
  FROM diary.epoch;
