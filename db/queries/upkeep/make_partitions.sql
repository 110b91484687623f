-- Makes the tables of this month and the next three.
-- $1: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT diary.make_partitions() WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $1::bigint) < 60000000
