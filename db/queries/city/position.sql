-- Where the change feed stands now: the cursor, the snapshot that it belongs to, and which history of which cluster
-- both are true for. On a standby the timeline is not to be had. last_gone: the last transaction that removed a segment.
-- database: among those of its cluster.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor,
       CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text ELSE '' END AS seen,
       CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline,
       (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
       coalesce((SELECT changed_xid::text::bigint FROM analytics.segment_change
                 WHERE is_deleted AND changed_xid < pg_snapshot_xmax(pg_current_snapshot())
                 ORDER BY changed_xid DESC LIMIT 1), 0) AS last_gone,
       (SELECT oid FROM pg_database WHERE datname = current_database())::text AS database
