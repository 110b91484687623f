-- The server's settings (specification 2.2, 7.2, 9.1). Other than recommended is a note: somebody else's server may
-- have its reasons.
WITH expected (section, name, recommended, least, most) AS (
  VALUES
    ('2.2', 'effective_cache_size', '1 GB or more', 1024.0 * 1024 * 1024, NULL),
    ('2.2', 'maintenance_work_mem', '64 MB or more', 64.0 * 1024 * 1024, NULL),
    ('2.2', 'max_connections', '100 or more', 100, NULL),
    ('2.2', 'shared_buffers', '256 MB or more', 256.0 * 1024 * 1024, NULL),
    ('2.2', 'work_mem', '16 MB or more', 16.0 * 1024 * 1024, NULL),
    ('7.2', 'autovacuum_analyze_scale_factor', '0.05 or less', NULL, 0.05),
    ('7.2', 'autovacuum_vacuum_cost_limit', '200 or more', 200, NULL),
    ('7.2', 'autovacuum_vacuum_scale_factor', '0.1 or less', NULL, 0.1),
    ('9.1', 'archive_mode', 'on', NULL, NULL),
    ('9.1', 'wal_level', 'replica', NULL, NULL)
), found AS (
  SELECT name, setting, unit,
         CASE WHEN setting ~ '^-?[0-9.]+$'
              THEN setting::numeric
                   * CASE unit WHEN 'kB' THEN 1024 WHEN '8kB' THEN 8192 WHEN 'MB' THEN 1048576 ELSE 1 END
         END AS amount
  FROM pg_settings
)
SELECT e.section, 'setting', e.name,
       CASE WHEN f.amount >= e.least OR f.amount <= e.most THEN 'ok'
            WHEN f.setting IN (e.recommended, 'logical', 'always') THEN 'ok'
            ELSE 'note' END,
       e.recommended,
       CASE WHEN f.unit IN ('kB', '8kB', 'MB') THEN pg_size_pretty(f.amount)
            ELSE COALESCE(f.setting, 'not to be seen') END
FROM expected e LEFT JOIN found f ON f.name = e.name
ORDER BY string_to_array(e.section, '.')::int[], e.name
