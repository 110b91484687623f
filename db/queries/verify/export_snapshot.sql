-- The name under which pg_dump sees exactly what this transaction sees.
SELECT pg_export_snapshot()
