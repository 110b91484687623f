-- Three roles: the owner, the server's diary_app (0001) and diary_analyst, who reads what names nobody. What each may
-- do stands in objects/090_security.sql; here is what is done once.

-- A group: people log in as roles of their own that are members of it. Another database's migration may be making it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'diary_analyst') THEN
    CREATE ROLE diary_analyst NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- From PostgreSQL 16 on, who made a role may administer it, but not become it before it is granted.
DO $$
DECLARE
  v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['diary_app', 'diary_analyst'] LOOP
    IF NOT pg_has_role(current_user, v_role, 'USAGE') THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', v_role, current_user);
      EXCEPTION WHEN insufficient_privilege THEN NULL;   -- a superuser made it and grants it, or not
      END;
    END IF;
  END LOOP;
END $$;

-- Functions are everybody's unless said otherwise. A superuser's later functions are extensions' as well, which
-- must stay usable: for one, 090_security.sql has to do.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
  END IF;
  -- As PostgreSQL 15 makes it; databases that come from an older one still let everybody create there.
  IF (SELECT pg_has_role(current_user, nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public') THEN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  END IF;
END $$;

-- A search_path that does not name pg_temp has it in front: whoever may call the function could put a domain called
-- uuid there, whose CHECK then runs as the owner.
ALTER FUNCTION analytics.route_members() SET search_path = pg_catalog, pg_temp;

-- As the segments have it: nothing empty, nothing off the earth.
ALTER TABLE diary.routes
  ADD CONSTRAINT geometry_on_earth CHECK (NOT ST_IsEmpty(geometry)
    AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180
    AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
  ADD CONSTRAINT alt_geometry_on_earth CHECK (NOT ST_IsEmpty(alt_geometry)
    AND ST_XMin(alt_geometry) >= -180 AND ST_XMax(alt_geometry) <= 180
    AND ST_YMin(alt_geometry) >= -90 AND ST_YMax(alt_geometry) <= 90);
