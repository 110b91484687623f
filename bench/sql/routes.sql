-- 500 saved routes of 40 segments each, for the report on their days.
SET session_replication_role = origin;
INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min, is_public)
SELECT (SELECT user_id FROM auth.users ORDER BY user_id OFFSET r LIMIT 1), 'Route ' || r,
       ARRAY(SELECT 'g' || (r * 100 + k) FROM generate_series(1, 40) k),
       ST_GeomFromText('LINESTRING(-75.2 39.9, -75.1 40)', 4326), 4000, 50, r % 2 = 0
FROM generate_series(0, 499) r
WHERE NOT EXISTS (SELECT FROM diary.routes);
