-- The views and materialized views (specification 4).
WITH expected (section, name, definition) AS (
  VALUES
    ('4.1', 'analytics.segment_aggregates', 'materialized view'),
    ('4.2', 'analytics.public_route_trend', 'view with security_barrier=true'),
    ('4.2', 'analytics.route_trend', 'view with security_invoker=true'),
    ('4.2', 'analytics.trend_daily', 'materialized view'),
    ('4.3', 'analytics.coverage_grid', 'materialized view'),
    ('12.4', 'analytics.drift', 'view'),
    ('12.4', 'analytics.sample', 'view'),
    ('12.4', 'analytics.segment_live', 'view'),
    ('12.4', 'analytics.segment_recount', 'view'),
    ('12.4', 'analytics.tag_recount', 'view'),
    ('12.4', 'analytics.health', 'view'),
    ('12.4', 'analytics.sequence_state', 'view'),
    ('10.2', 'diary.epoch_rows', 'view')
), found AS (
  SELECT n.nspname || '.' || c.relname AS name,
         CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END
         || CASE WHEN c.relispopulated THEN '' ELSE ', never filled' END
         || COALESCE((SELECT ' with ' || string_agg(o, ', ') FROM unnest(c.reloptions) o WHERE o LIKE 'security%'), '')
         AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind IN ('v', 'm')
)
SELECT COALESCE(e.section, ''), 'view', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN e.definition = f.definition THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name)
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
