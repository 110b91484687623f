-- Forgets the revocations of tokens that have expired by now. How many.
-- $1: the time that it should be here, in microseconds since 1970: nothing is done by a clock that jumped.
SELECT auth.prune_revoked_tokens() WHERE abs(extract(epoch FROM clock_timestamp()) * 1000000 - $1::bigint) < 60000000
