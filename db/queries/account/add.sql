-- A new account, by the owner: $1 e-mail, $2 password hash, $3 display name or NULL, $4 tier, $5 role. The new id; no
-- row when the e-mail is taken.
INSERT INTO auth.users (email, password_hash, display_name, api_tier, role)
VALUES (lower($1), $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING user_id
