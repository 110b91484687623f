-- The roles that are not the owner: what they are, and that they own nothing.
WITH expected (section, name, definition) AS (
  VALUES ('10.1', 'diary_analyst', 'nologin'), ('10.1', 'diary_app', 'login')
), found AS (
  SELECT r.oid, r.rolname AS name,
         concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'login' ELSE 'nologin' END,
                   CASE WHEN r.rolsuper THEN 'superuser' END,
                   CASE WHEN r.rolbypassrls THEN 'bypassrls' END, CASE WHEN r.rolcreatedb THEN 'createdb' END,
                   CASE WHEN r.rolcreaterole THEN 'createrole' END,
                   CASE WHEN r.rolreplication THEN 'replication' END) AS definition
  FROM pg_roles r
), role AS (
  SELECT e.section, e.name, e.definition AS expected, f.oid, f.definition AS found
  FROM expected e LEFT JOIN found f USING (name)
), owned AS (
  SELECT r.section, r.name, r.oid, string_agg(pg_describe_object(d.classid, d.objid, 0), ', ') AS found
  FROM role r
  LEFT JOIN pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o'
    AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  GROUP BY r.section, r.name, r.oid
)
SELECT section, 'role', name,
       CASE WHEN found IS NULL THEN 'missing' WHEN found = expected THEN 'ok' ELSE 'wrong' END,
       expected, COALESCE(found, 'nothing')
FROM role
UNION ALL
SELECT section, 'role', name || ' owns nothing',
       CASE WHEN oid IS NULL THEN 'missing' WHEN found IS NULL THEN 'ok' ELSE 'wrong' END,
       'nothing', COALESCE(found, 'nothing')
FROM owned
ORDER BY 1, 3
