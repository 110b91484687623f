-- Rules that hold for all objects of a kind: each row names those that break one.
WITH ours AS (
  SELECT p.*, p.oid::regprocedure::text AS name
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
     OR n.nspname = 'public' AND p.proname IN ('update_updated_at', 'calculate_segment_cost')
), broken (section, name, expected, found) AS (
  SELECT '10.1', 'every security definer function pins its search_path, pg_temp last', 'all of them',
         (SELECT string_agg(name, ', ') FROM ours
          WHERE prosecdef AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%pg_temp'))
  UNION ALL
  SELECT '10.1', 'PUBLIC may execute nothing', 'none',
         (SELECT string_agg(name, ', ') FROM ours
          WHERE EXISTS (SELECT FROM aclexplode(COALESCE(proacl, acldefault('f', proowner))) WHERE grantee = 0))
  UNION ALL
  SELECT '10.1', 'nobody but the owner reads a password hash', 'nobody',
         (SELECT string_agg(r.rolname, ', ')
          FROM pg_roles r, pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'auth' AND c.relname = 'users' AND a.attname = 'password_hash'
            AND r.rolname IN ('diary_app', 'diary_analyst')
            AND has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT'))
  UNION ALL
  SELECT '10.2', 'nobody but the owner changes an audit row', 'none',
         (SELECT string_agg(r.rolname || ' on ' || c.oid::regclass, ', ')
          FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'audit' AND c.relkind = 'r' AND r.rolname IN ('diary_app', 'diary_analyst')
            AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
  UNION ALL
  SELECT '11.6', 'no trigger of a foreign key is disabled', 'none',
         (SELECT string_agg(DISTINCT t.tgrelid::regclass::text, ', ')
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND t.tgisinternal AND t.tgenabled <> 'O')
  UNION ALL
  SELECT '11.7', 'no session begins with its triggers switched off', 'none',
         (SELECT string_agg(COALESCE('role ' || NULLIF(setrole, 0)::regrole, 'this database') || ' has ' || setting, ', ')
          FROM pg_db_role_setting, unnest(setconfig) setting
          WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            AND setting LIKE 'session\_replication\_role=%' AND setting NOT LIKE '%=origin')
  UNION ALL
  SELECT '3', 'no function of somebody else''s is called by a trigger of our tables', 'none',
         (SELECT string_agg(t.tgname || ' on ' || t.tgrelid::regclass || ' calls ' || t.tgfoid::regprocedure, ', ')
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_proc p ON p.oid = t.tgfoid
          WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND NOT t.tgisinternal
            AND p.proowner <> c.relowner)
  UNION ALL
  SELECT '3', 'the collations are of the version that the indexes were made with', 'the same',
         (SELECT string_agg(what, ', ')
          FROM (SELECT 'database: ' || datcollversion || ', now ' || pg_database_collation_actual_version(oid) AS what
                FROM pg_database
                WHERE datname = current_database() AND datcollversion <> pg_database_collation_actual_version(oid)
                UNION ALL
                SELECT collname || ': ' || collversion || ', now ' || pg_collation_actual_version(l.oid)
                FROM pg_collation l
                WHERE collversion <> pg_collation_actual_version(l.oid)
                  AND EXISTS (SELECT FROM pg_index i, unnest(i.indcollation) k(oid) WHERE k.oid = l.oid)) x)
)
SELECT section, 'rule', name,
       CASE WHEN found IS NOT NULL THEN 'wrong' WHEN NOT EXISTS (SELECT FROM ours) THEN 'missing' ELSE 'ok' END,
       expected, COALESCE('broken by ' || found, 'holds for all')
FROM broken
ORDER BY string_to_array(section, '.')::int[], name
