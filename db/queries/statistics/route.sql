-- The name of route $1; nothing when row security hides it from app.user_id.
SELECT route_name FROM diary.routes WHERE route_id = $1::uuid
