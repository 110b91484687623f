-- The active account of e-mail $1: id and password hash.
SELECT user_id, password_hash FROM auth.password_hash_of($1)
