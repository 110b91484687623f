-- The order in which saved routes are listed: from it a page ends at its last row, however many routes there are.
CREATE INDEX idx_routes_newest ON diary.routes (created_at DESC, route_id DESC);
