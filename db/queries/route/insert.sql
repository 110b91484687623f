-- A new route of app.user_id. No row when the id is taken, by whomever.
-- $1 route_id, $2 name, $3 is_public; $4 segment ids (JSON), $5 line (GeoJSON), $6 length, $7 duration, $8 score;
-- $9..$13 the same of the alternative, or NULL.
INSERT INTO diary.routes (route_id, user_id, route_name, is_public, segment_ids, geometry, length_m, duration_min,
                          avg_safety, alt_segment_ids, alt_geometry, alt_length_m, alt_duration_min, alt_avg_safety)
VALUES ($1::uuid, auth.current_user_id(), $2, $3::boolean,
        ARRAY(SELECT json_array_elements_text($4::json)), ST_GeomFromGeoJSON($5::text), $6::numeric, $7::numeric,
        $8::numeric,
        CASE WHEN $9::json IS NOT NULL THEN ARRAY(SELECT json_array_elements_text($9::json)) END,
        ST_GeomFromGeoJSON($10::text), $11::numeric, $12::numeric, $13::numeric)
ON CONFLICT (route_id) DO NOTHING
