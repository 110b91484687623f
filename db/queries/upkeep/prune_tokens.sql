-- Forgets the revocations of tokens that have expired by now. How many.
SELECT auth.prune_revoked_tokens()
