-- Whether count_problems can be asked: a database that was never migrated has none of it.
SELECT to_regclass('analytics.drift') IS NOT NULL AND to_regclass('audit.batch') IS NOT NULL
