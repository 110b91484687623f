-- One migrator at a time, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('diary.migrate', 0))
