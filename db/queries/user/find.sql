-- User $1 as the API shows it, when active, and the time from which a token issued now would count.
SELECT user_id, email, email_verified, display_name, avatar_url, api_tier, role,
       (extract(epoch FROM created_at) * 1000000)::bigint, (extract(epoch FROM last_login_at) * 1000000)::bigint,
       (extract(epoch FROM GREATEST(date_trunc('second', clock_timestamp()), tokens_valid_from)) * 1000000)::bigint
FROM auth.users WHERE user_id = $1::uuid AND is_active
