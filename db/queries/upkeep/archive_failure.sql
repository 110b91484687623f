-- The write-ahead log file that could not be archived, while none has been archived since.
SELECT last_failed_wal
FROM pg_catalog.pg_stat_archiver
WHERE last_failed_time > coalesce(last_archived_time, '-infinity')
