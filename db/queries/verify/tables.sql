-- The tables (specification 3). The tables of single months are not listed: they come and go.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.segments', 'table'),
    ('3.2', 'diary.ratings', 'table'),
    ('3.2', 'diary.withdrawn_ratings', 'table'),
    ('3.3', 'diary.votes', 'table'),
    ('3.4', 'diary.route_segments', 'table'),
    ('3.4', 'diary.routes', 'table, row security forced'),
    ('3.5', 'auth.revoked_tokens', 'table'),
    ('3.5', 'auth.users', 'table'),
    ('4', 'analytics.refresh_log', 'table'),
    ('4.2', 'diary.city', 'table'),
    ('8', 'diary.migration', 'table'),
    ('10.2', 'audit.batch', 'table'),
    ('10.2', 'audit.erased', 'table'),
    ('10.2', 'audit.log', 'table'),
    ('12.1', 'diary.closed_ratings', 'table'),
    ('12.1', 'diary.closed_votes', 'table'),
    ('12.1', 'diary.closing', 'table'),
    ('12.1', 'diary.partition', 'table'),
    ('12.3', 'analytics.score_history', 'table'),
    ('12.4', 'analytics.segment_state', 'table'),
    ('12.4', 'analytics.segment_tag', 'table'),
    ('12.5', 'analytics.segment_change', 'table'),
    ('10.2', 'diary.epoch', 'table'),
    ('12.1', 'diary.task', 'table')
), found AS (
  SELECT n.nspname || '.' || c.relname AS name,
         'table' || CASE WHEN c.relrowsecurity THEN ', row security' ELSE '' END
         || CASE WHEN c.relforcerowsecurity THEN ' forced' ELSE '' END AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind IN ('r', 'p')
    AND c.relname !~ '^(ratings|votes)_p[0-9]{4}_[0-9]{2}$'
)
SELECT COALESCE(e.section, ''), 'table', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN e.definition = f.definition THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name)
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
