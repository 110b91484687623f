-- Moves the window cursors that are due, at most $1. How many were moved.
-- $2: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT analytics.advance_windows($1::int) WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $2::bigint) < 60000000
