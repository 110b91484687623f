-- The rest of this transaction acts for user $1, if token $2 of theirs, issued at $3, is still good: their role and
-- tier of now. No row when it is not.
SELECT role, tier FROM auth.begin_session($1::uuid, $2, $3::timestamptz)
