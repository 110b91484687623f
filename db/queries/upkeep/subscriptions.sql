-- The subscriptions by which this database still receives rows of another one; NULL when there is none.
SELECT string_agg(subname, ', ') FROM pg_catalog.pg_subscription
WHERE subenabled AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
