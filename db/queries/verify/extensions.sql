-- The extensions (specification 2.1), with the version that is installed.
WITH expected (name) AS (
  VALUES ('btree_gist'), ('pg_trgm'), ('postgis'), ('uuid-ossp')
)
SELECT '2.1', 'extension', e.name, CASE WHEN x.oid IS NULL THEN 'missing' ELSE 'ok' END, 'any version',
       COALESCE('version ' || x.extversion, 'nothing')
FROM expected e LEFT JOIN pg_extension x ON x.extname = e.name
ORDER BY e.name
