-- Deletes route $1 of app.user_id. Ratings made along it stay.
DELETE FROM diary.routes WHERE route_id = $1::uuid AND user_id = auth.current_user_id()
