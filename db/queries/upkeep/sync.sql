-- Brings diary.segments' columns to the live values, of what changed since cursor $1 (all when NULL). Next cursor.
SELECT analytics.sync_segments($1::pg_snapshot)
