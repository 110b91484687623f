-- Lets pg_cron refresh the three reports each night, for a database that no diary server runs beside.
--
--   psql -d diary -f deploy/pg_cron.sql                   as a superuser
--   psql -d diary -v owner=somebody -f deploy/pg_cron.sql    when the schema is not diary_owner's
--
-- Before that, in postgresql.conf (or postgresql.local.conf of a data folder), and a restart:
--
--   shared_preload_libraries = 'pg_cron'
--   cron.database_name = 'diary'
--   cron.use_background_workers = on        # otherwise each job connects by password or peer, and needs a way in
--
-- The extension is of this database and not of the schema: migrations do not create it, and a dump that has it is not
-- restored under another database's name (pg_dump --exclude-extension=pg_cron, from PostgreSQL 17 on, or pg_restore
-- with a list).
\set ON_ERROR_STOP on
\if :{?owner}
\else
  \set owner diary_owner
\endif
CREATE EXTENSION IF NOT EXISTS pg_cron;
GRANT USAGE ON SCHEMA cron TO :"owner";
SET ROLE :"owner";
SELECT analytics.schedule_reports();
