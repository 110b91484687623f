-- Extensions, schemas and the application's role (specification 2.1, 2.3).
-- postgis is not a trusted extension: on a database of your own, a superuser creates it first.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA IF NOT EXISTS diary;
CREATE SCHEMA IF NOT EXISTS auth;
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS audit;

-- The server works as diary_app, which owns nothing. Roles belong to the whole cluster, so another database's
-- migration may be making it at this moment.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'diary_app') THEN
    CREATE ROLE diary_app LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'diary_app', 'MEMBER') THEN
    EXECUTE format('GRANT diary_app TO %I', current_user);
  END IF;
END $$;

-- One row of facts about the city that numbers depend on.
CREATE TABLE diary.city (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  time_zone text NOT NULL DEFAULT 'America/New_York'   -- where a day of the trend begins
);
INSERT INTO diary.city DEFAULT VALUES;
