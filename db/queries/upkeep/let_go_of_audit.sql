-- Deletes some of the audit rows that were sealed over $1 months ago. How many.
-- $2: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT audit.let_go(make_interval(months => $1::int))
WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $2::bigint) < 60000000
