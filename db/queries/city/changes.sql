-- The position as in position.sql, and beside it every segment changed since cursor $1, gone or not; one row with
-- NULLs when there is none. One statement, one snapshot: nothing commits between the position and the list.
-- $2: the snapshot of the poll before, or empty. Given it, the changes are those that it did not see: numbers given
-- since, and those that were under way. Cursors are held back by a writer that stays open, in any database of the
-- cluster; this is not. Empty on a standby, where a snapshot does not tell what is under way. A number that is yet to be
-- given is another epoch's, and no change.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor,
       CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text ELSE '' END AS seen,
       CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline,
       (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
       c.segment_id, c.is_deleted, c.changed_xid::text::bigint AS changed_xid
FROM (SELECT) one
LEFT JOIN analytics.segment_change c
  ON (c.changed_xid >= coalesce(pg_snapshot_xmax(nullif($2::text, '')::pg_snapshot), $1::text::xid8)
      OR c.changed_xid = ANY (ARRAY(SELECT pg_snapshot_xip(nullif($2::text, '')::pg_snapshot))))
 AND c.changed_xid < pg_snapshot_xmax(pg_current_snapshot())
