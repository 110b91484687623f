-- Lets go of the months that ended over $1 months ago. How many tables.
-- $2: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT diary.detach_months(make_interval(months => $1::int))
WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $2::bigint) < 60000000
