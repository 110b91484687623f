-- Accounts, for a role that may neither read auth.users.password_hash nor write the table.

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

-- Notes a login by the password behind p_hash, and puts p_rehash, the same password at another cost, in its place.
-- False when the account was disabled or got another password meanwhile.
DROP FUNCTION IF EXISTS auth.logged_in(uuid);
CREATE OR REPLACE FUNCTION auth.logged_in(p_user uuid, p_hash varchar, p_rehash varchar) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE auth.users SET last_login_at = clock_timestamp(), password_hash = COALESCE(p_rehash, p_hash)
  WHERE user_id = p_user AND password_hash = p_hash AND is_active;
  RETURN FOUND;
END $$;

-- Sessions. The database is asked with each request, so that a token is refused everywhere from the moment on that it
-- was given up, or the account disabled.

-- The rest of the transaction acts for the user, if the token is still good: their role and tier of now. No row, and
-- nobody acts, when it is not.
CREATE OR REPLACE FUNCTION auth.begin_session(p_user uuid, p_token varchar, p_issued_at timestamptz)
RETURNS TABLE (role varchar, tier varchar) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT u.role, u.api_tier INTO role, tier FROM auth.users u
  WHERE u.user_id = p_user AND u.is_active AND (p_issued_at < u.tokens_valid_from) IS NOT TRUE
    AND NOT EXISTS (SELECT FROM auth.revoked_tokens k WHERE k.user_id = p_user AND k.token_id = p_token);
  PERFORM set_config('app.user_id', CASE WHEN FOUND THEN p_user::text ELSE '' END, true);
  IF role IS NOT NULL THEN RETURN NEXT; END IF;
END $$;

-- Gives up a token of the user the transaction acts for.
CREATE OR REPLACE FUNCTION auth.revoke_token(p_token varchar, p_expires_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.revoked_tokens (user_id, token_id, expires_at)
  VALUES (auth.current_user_id(), p_token, p_expires_at) ON CONFLICT DO NOTHING
$$;

-- Forgets what no server could take for valid any more, an hour allowed for their clocks. How many.
CREATE OR REPLACE FUNCTION auth.prune_revoked_tokens() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count bigint;
BEGIN
  DELETE FROM auth.revoked_tokens WHERE expires_at < clock_timestamp() - interval '1 hour';
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;

-- One's own account: each acts on the account of the user the transaction acts for.

-- For the comparison with the password that is given once more before a change.
CREATE OR REPLACE FUNCTION auth.own_credentials() RETURNS TABLE (user_id uuid, email varchar, password_hash varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT user_id, email, password_hash FROM auth.users WHERE user_id = auth.current_user_id() AND is_active
$$;

-- p_changes: any of display_name, avatar_url (null clears them), email, password_hash; the last two only while the hash
-- is still p_hash. A new password ends all tokens: those of the second that it falls into as well, and the next are
-- issued as of the second after. Returns changed | stale | taken.
CREATE OR REPLACE FUNCTION auth.change_account(p_changes jsonb, p_hash varchar) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE auth.users SET
    display_name = CASE WHEN p_changes ? 'display_name' THEN p_changes ->> 'display_name' ELSE display_name END,
    avatar_url = CASE WHEN p_changes ? 'avatar_url' THEN p_changes ->> 'avatar_url' ELSE avatar_url END,
    email = COALESCE(lower(p_changes ->> 'email'), email),
    email_verified = email_verified AND COALESCE(lower(p_changes ->> 'email') = email, true),
    password_hash = COALESCE(p_changes ->> 'password_hash', password_hash),
    tokens_valid_from = CASE WHEN p_changes ? 'password_hash'
                             THEN date_trunc('second', clock_timestamp()) + interval '1 second'
                             ELSE tokens_valid_from END
  WHERE user_id = auth.current_user_id() AND is_active
    AND (password_hash = p_hash OR NOT p_changes ?| ARRAY['email', 'password_hash']);
  RETURN CASE WHEN FOUND THEN 'changed' ELSE 'stale' END;
EXCEPTION WHEN unique_violation THEN
  RETURN 'taken';
END $$;

-- Deletes the account, while its hash is still p_hash, with all that hangs on it, and erases what the audit log says of
-- the person. False when the hash is another.
CREATE OR REPLACE FUNCTION auth.delete_account(p_hash varchar) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user uuid := auth.current_user_id();
BEGIN
  DELETE FROM auth.users WHERE user_id = v_user AND password_hash = p_hash;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM audit.erase(v_user);
  RETURN true;
END $$;

-- A user's rows of diary.ratings or diary.votes, those of months that were let go included.
CREATE OR REPLACE FUNCTION auth.samples_of(p_user uuid, p_parent text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  v_rows jsonb := '[]';
  v_some jsonb;
  v_table text;
BEGIN
  FOR v_table IN
    SELECT child FROM diary.partition
    WHERE parent = p_parent AND detached_at IS NOT NULL AND to_regclass(format('diary.%I', child)) IS NOT NULL
    ORDER BY month
  LOOP
    EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY submitted_at) FROM diary.%I t WHERE user_id = $1', v_table)
      INTO v_some USING p_user;
    v_rows := v_rows || COALESCE(v_some, '[]');
  END LOOP;
  EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY submitted_at) FROM diary.%I t WHERE user_id = $1', p_parent)
    INTO v_some USING p_user;
  RETURN v_rows || COALESCE(v_some, '[]');
END $$;

-- Everything that is held about the user, but the password's hash. Of what they did to the rows of others, that they
-- did, and not what those rows say.
CREATE OR REPLACE FUNCTION auth.export_account() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
  SELECT jsonb_build_object(
    'exported_at', clock_timestamp(),
    'account', to_jsonb(u) - 'password_hash',
    'ratings', auth.samples_of(u.user_id, 'ratings'),
    'votes', auth.samples_of(u.user_id, 'votes'),
    'withdrawn_ratings', (SELECT COALESCE(jsonb_agg(to_jsonb(w) ORDER BY received_at), '[]')
                          FROM diary.withdrawn_ratings w WHERE w.user_id = u.user_id),
    'routes', (SELECT COALESCE(jsonb_agg(to_jsonb(r) ORDER BY created_at), '[]')
               FROM diary.routes r WHERE r.user_id = u.user_id),
    'revoked_tokens', (SELECT COALESCE(jsonb_agg(to_jsonb(k) ORDER BY revoked_at), '[]')
                       FROM auth.revoked_tokens k WHERE k.user_id = u.user_id),
    'audit_log', (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                    'log_id', l.log_id, 'changed_at', l.changed_at, 'table_name', l.table_name,
                    'operation', l.operation,
                    'about', CASE WHEN l.user_id = u.user_id THEN 'you' ELSE 'another' END,
                    'by', CASE WHEN l.actor_id = u.user_id THEN 'you' WHEN l.actor_id IS NULL THEN 'nobody'
                               ELSE 'another' END,
                    'old_data', CASE WHEN l.user_id = u.user_id THEN l.old_data END,
                    'new_data', CASE WHEN l.user_id = u.user_id THEN l.new_data END) ORDER BY l.log_id), '[]')
                  FROM audit.log l
                  WHERE l.user_id = u.user_id
                     OR l.actor_id = u.user_id AND l.actor_id IS DISTINCT FROM l.user_id))
  FROM auth.users u WHERE u.user_id = auth.current_user_id()
$$;
