-- The segments of route $1, each once, in order; nothing when row security hides the route from app.user_id.
SELECT id FROM diary.routes r, LATERAL unnest(r.segment_ids) WITH ORDINALITY u(id, seq)
WHERE r.route_id = $1::uuid GROUP BY id ORDER BY min(seq)
