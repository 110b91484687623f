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
)
SELECT section, 'rule', name,
       CASE WHEN found IS NOT NULL THEN 'wrong' WHEN NOT EXISTS (SELECT FROM ours) THEN 'missing' ELSE 'ok' END,
       expected, COALESCE('broken by ' || found, 'holds for all')
FROM broken
ORDER BY string_to_array(section, '.')::int[], name
