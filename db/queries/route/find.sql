-- Route $1 as saved and, its scores, as of now; nothing when row security hides it from app.user_id.
SELECT r.route_id, r.route_name, array_to_json(r.segment_ids), ST_AsGeoJSON(r.geometry, 7), trim_scale(r.length_m),
       trim_scale(r.duration_min), trim_scale(r.avg_safety), trim_scale(diary.route_safety(r.segment_ids)),
       array_to_json(r.alt_segment_ids), ST_AsGeoJSON(r.alt_geometry, 7), trim_scale(r.alt_length_m),
       trim_scale(r.alt_duration_min), trim_scale(r.alt_avg_safety), trim_scale(diary.route_safety(r.alt_segment_ids)),
       r.is_public, COALESCE(r.user_id = auth.current_user_id(), false),
       (extract(epoch FROM r.created_at) * 1000000)::bigint, (extract(epoch FROM r.updated_at) * 1000000)::bigint
FROM diary.routes r
WHERE r.route_id = $1::uuid
