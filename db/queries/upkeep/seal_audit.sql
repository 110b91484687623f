-- Chains the audit rows of finished transactions. How many.
SELECT audit.seal()
