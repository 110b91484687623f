-- All accounts, oldest first; $1 an e-mail or an id: that one alone.
SELECT user_id, email, display_name, api_tier, role, is_active, (extract(epoch FROM created_at) * 1000000)::bigint,
       (extract(epoch FROM last_login_at) * 1000000)::bigint
FROM auth.users WHERE $1::text IS NULL OR lower(email) = lower($1) OR user_id::text = lower($1)
ORDER BY created_at, user_id
