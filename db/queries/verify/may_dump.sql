-- Why this role cannot dump all rows and make a database to restore them to (NULL: it can), and this one's size.
SELECT CASE WHEN pg_is_in_recovery() THEN 'this server is a standby'
            WHEN NOT (rolsuper OR rolbypassrls)
              THEN 'row security is forced: ' || rolname || ' would not dump every route; a superuser would'
            WHEN NOT (rolsuper OR rolcreatedb) THEN rolname || ' may not make a database to restore to'
            WHEN to_regclass('diary.segments') IS NULL THEN 'there is nothing to dump' END,
       pg_database_size(current_database())
FROM pg_roles WHERE rolname = current_user
