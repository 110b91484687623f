-- Gives up token $1, which expires at $2, of the user the transaction acts for.
SELECT auth.revoke_token($1, $2::timestamptz)
