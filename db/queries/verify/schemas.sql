-- The schemas (specification 2.3; audit is of 10.2).
WITH expected (section, name, definition) AS (
  VALUES
    ('2.3', 'analytics', 'schema'),
    ('2.3', 'auth', 'schema'),
    ('2.3', 'diary', 'schema'),
    ('10.2', 'audit', 'schema')
), found AS (
  SELECT nspname AS name, 'schema' AS definition FROM pg_namespace
  WHERE nspname IN ('diary', 'auth', 'analytics', 'audit')
)
SELECT COALESCE(e.section, ''), 'schema', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN e.definition = f.definition THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name)
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
