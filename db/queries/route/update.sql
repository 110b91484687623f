-- Route $1 of app.user_id anew; parameters as of route/insert.sql. No row when they have no such route.
UPDATE diary.routes
SET route_name = $2, is_public = $3::boolean,
    segment_ids = ARRAY(SELECT json_array_elements_text($4::json)), geometry = ST_GeomFromGeoJSON($5::text),
    length_m = $6::numeric, duration_min = $7::numeric, avg_safety = $8::numeric,
    alt_segment_ids = CASE WHEN $9::json IS NOT NULL THEN ARRAY(SELECT json_array_elements_text($9::json)) END,
    alt_geometry = ST_GeomFromGeoJSON($10::text), alt_length_m = $11::numeric, alt_duration_min = $12::numeric,
    alt_avg_safety = $13::numeric
WHERE route_id = $1::uuid AND user_id = auth.current_user_id()
