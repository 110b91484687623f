-- Whether app.user_id is an active user. Behind a lock for which other changes to their routes wait until this
-- transaction ends.
SELECT EXISTS (SELECT FROM auth.users WHERE user_id = auth.current_user_id() AND is_active)
FROM pg_advisory_xact_lock(hashtextextended('routes of ' || auth.current_user_id(), 0))
