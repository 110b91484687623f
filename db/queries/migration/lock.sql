-- One migrator at a time, until the transaction ends, while there is no table to lock yet.
SELECT pg_advisory_xact_lock(hashtextextended('diary.migrate', 0))
