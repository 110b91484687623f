-- Changes the account that the transaction acts for: $1 JSON of what becomes what, $2 the hash that the password was
-- held against. changed, stale or taken. See db/objects/075_accounts.sql.
SELECT auth.change_account($1::jsonb, $2)
