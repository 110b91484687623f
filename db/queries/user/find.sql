-- User $1 as the API shows it, when active.
SELECT user_id, email, display_name, api_tier, (extract(epoch FROM created_at) * 1000000)::bigint
FROM auth.users WHERE user_id = $1::uuid AND is_active
