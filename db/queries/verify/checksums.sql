-- Every table of ours (partitions too): its rows counted, and a checksum that does not depend on their order.
SELECT n.nspname || '.' || c.relname,
       (xpath('/row/n/text()', answer))[1]::text, (xpath('/row/sum/text()', answer))[1]::text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT query_to_xml(format('SELECT count(*) AS n, COALESCE(sum(hashtextextended(t::text, 0)::numeric), 0) AS sum '
                             'FROM ONLY %I.%I t', n.nspname, c.relname), false, true, '') AS answer
) counted
WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind = 'r'
ORDER BY 1
