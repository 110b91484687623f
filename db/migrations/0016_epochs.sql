-- A transaction's number means something in the history that gave it, and nothing outside: a logical dump, an upgrade or
-- logical replication brings rows with numbers of another cluster, a restore or a takeover begins another history of this
-- one. An epoch is one such history. All its audit rows have smaller ids than the next one's: nothing is under way
-- while a database changes its cluster.
CREATE TABLE diary.epoch (
  epoch int PRIMARY KEY,
  system_identifier bigint,              -- of pg_control_system(); NULL where that may not be asked
  timeline int,
  first_log_id bigint NOT NULL,          -- of audit.log; the ids before it belong to the epochs before
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A database whose batches name numbers that are yet to be given has moved before this: its next writer begins another
-- epoch.
INSERT INTO diary.epoch (epoch, system_identifier, timeline, first_log_id)
SELECT 1, CASE WHEN moved THEN 0 ELSE (SELECT system_identifier FROM pg_control_system()) END,
       ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int, 0
FROM (SELECT EXISTS (SELECT FROM audit.batch WHERE upto_txid > pg_snapshot_xmax(pg_current_snapshot())) AS moved) m;

-- A batch covers rows of one epoch.
ALTER TABLE audit.batch ADD COLUMN epoch int NOT NULL DEFAULT 1 REFERENCES diary.epoch(epoch);
-- Since when the rows of a batch are gone, by retention. Its hash stays: what follows is held against it.
ALTER TABLE audit.batch ADD COLUMN let_go_at timestamptz;

-- Who does a task of upkeep holds its row. Nobody but the owner reaches it: a lock that anybody can take (an advisory
-- one) would let anybody stop the upkeep.
CREATE TABLE diary.task (name text PRIMARY KEY);
INSERT INTO diary.task VALUES ('sync'), ('seal'), ('months'), ('refresh segment_aggregates'), ('refresh trend_daily'),
  ('refresh coverage_grid'), ('delete');

-- A street that gets another id takes what is ours along. Ratings and votes keep it from that, as specified.
ALTER TABLE analytics.segment_state DROP CONSTRAINT segment_state_segment_id_fkey,
  ADD CONSTRAINT segment_state_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id)
    ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE analytics.segment_tag DROP CONSTRAINT segment_tag_segment_id_fkey,
  ADD CONSTRAINT segment_tag_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES analytics.segment_state(segment_id)
    ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE analytics.score_history DROP CONSTRAINT score_history_segment_id_fkey,
  ADD CONSTRAINT score_history_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id)
    ON UPDATE CASCADE ON DELETE CASCADE;
