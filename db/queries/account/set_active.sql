-- Enables ($2) or disables account $1 (an e-mail or an id). Disabling ends all its tokens for good. The id; no row when
-- there is no such account.
UPDATE auth.users SET is_active = $2::boolean,
  tokens_valid_from = CASE WHEN $2::boolean THEN tokens_valid_from
                           ELSE date_trunc('second', clock_timestamp()) + interval '1 second' END
WHERE lower(email) = lower($1) OR user_id::text = lower($1) RETURNING user_id
