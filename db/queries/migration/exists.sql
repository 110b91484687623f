-- The table of what was applied, NULL on a fresh database.
SELECT to_regclass('diary.migration')
