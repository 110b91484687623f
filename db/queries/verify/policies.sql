-- The policies of row security (specification 10.1). One more than these would open rows, and is wrong.
WITH expected (section, name, definition) AS (
  VALUES
    ('10.1', 'diary.routes.routes_public_visible', 'for select to public using (is_public = true)'),
    ('10.1', 'diary.routes.routes_report',
      'for select to the owner using (current_setting(''diary.reporting''::text, true) = ''on''::text)'),
    ('10.1', 'diary.routes.routes_user_isolation',
      'for all to public using (user_id = auth.current_user_id()) check (user_id = auth.current_user_id())')
), found AS (
  SELECT n.nspname || '.' || c.relname || '.' || p.polname AS name,
         CASE WHEN p.polpermissive THEN '' ELSE 'restrictive ' END
         || 'for ' || CASE p.polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert'
                                    WHEN 'w' THEN 'update' ELSE 'delete' END
         || ' to ' || (SELECT string_agg(CASE WHEN u.role = 0 THEN 'public' WHEN u.role = c.relowner THEN 'the owner'
                                              ELSE pg_get_userbyid(u.role) END, ', ') FROM unnest(p.polroles) u(role))
         || COALESCE(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
         || COALESCE(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '') AS definition
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
), rule (noise) AS (   -- casts and brackets, which print differently after a dump and a restore
  VALUES ('::(character varying|double precision|timestamp with(out)? time zone|\w+)(\([0-9,]+\))?(\[\])*|[()''\s]+')
)
SELECT COALESCE(e.section, ''), 'policy', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'wrong'
            WHEN regexp_replace(e.definition, noise, '', 'g') = regexp_replace(f.definition, noise, '', 'g') THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name) CROSS JOIN rule
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
