-- One migrator at a time, for the whole session: the files are transactions of their own.
SELECT pg_advisory_lock(hashtextextended('diary.migrate', 0))
