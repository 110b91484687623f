-- Whether app.user_id is an active user. Behind a lock for which other changes to their routes wait until this
-- transaction ends.
SELECT diary.hold_own_routes()
