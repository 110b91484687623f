-- How many routes app.user_id has saved.
SELECT count(*) FROM diary.routes WHERE user_id = auth.current_user_id()
