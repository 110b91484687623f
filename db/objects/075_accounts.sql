-- Accounts, for a role that may not read auth.users.password_hash.

-- The new user's id, or NULL when the e-mail is taken.
CREATE OR REPLACE FUNCTION auth.register(p_email varchar, p_password_hash varchar, p_display_name varchar)
RETURNS uuid LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO auth.users (email, password_hash, display_name) VALUES (lower(p_email), p_password_hash, p_display_name)
  ON CONFLICT DO NOTHING RETURNING user_id
$$;

-- One account's hash at a time, for the comparison at login.
CREATE OR REPLACE FUNCTION auth.password_hash_of(p_email varchar) RETURNS TABLE (user_id uuid, password_hash varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT user_id, password_hash FROM auth.users WHERE lower(email) = lower(p_email) AND is_active
$$;

CREATE OR REPLACE FUNCTION auth.logged_in(p_user uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.users SET last_login_at = clock_timestamp() WHERE user_id = p_user
$$;
