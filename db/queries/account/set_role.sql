-- Account $1 (an e-mail or an id) gets role $2. The id; no row when there is no such account.
UPDATE auth.users SET role = $2 WHERE lower(email) = lower($1) OR user_id::text = lower($1) RETURNING user_id
