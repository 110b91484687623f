-- Live sums that a recount contradicts; sealed batches of the audit log that were altered. Both are 0.
SELECT (SELECT count(*) FROM analytics.drift), (SELECT count(*) FROM audit.broken_batches())
