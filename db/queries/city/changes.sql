-- The position as in position.sql, and beside it every segment changed since cursor $1, gone or not; one row with
-- NULLs when there is none. One statement, one snapshot: nothing commits between the position and the list.
-- $2: the snapshot of the poll before, or NULL. What it saw was read then; without this a writer that stays open,
-- which holds the cursor back, would have all that follows it read again with each poll.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor, pg_current_snapshot()::text AS seen,
       CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline,
       (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
       c.segment_id, c.is_deleted, c.changed_xid::text::bigint AS changed_xid
FROM (SELECT) one
LEFT JOIN analytics.segment_change c
  ON c.changed_xid >= $1::text::xid8
 AND ($2::text IS NULL OR NOT pg_visible_in_snapshot(c.changed_xid, $2::text::pg_snapshot))
