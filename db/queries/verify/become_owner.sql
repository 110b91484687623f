-- Until the transaction or savepoint ends, acts as the role that owns the tables.
SELECT set_config('role', pg_get_userbyid(relowner), true) FROM pg_class WHERE oid = 'diary.routes'::regclass
