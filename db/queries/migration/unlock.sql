-- Ends what lock.sql began.
SELECT pg_advisory_unlock(hashtextextended('diary.migrate', 0))
