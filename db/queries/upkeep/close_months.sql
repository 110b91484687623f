-- Moves up to $1 rows of past months into the tables of those months. How many; 0 also when something is in the way.
-- $2: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT diary.close_months($1::int) WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $2::bigint) < 60000000
