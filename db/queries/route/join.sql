-- The segments $1 (a JSON array of ids) as one walk: where it breaks (counted from 1), or its length, score and line.
SELECT unknown_at, break_at, round(gap_m::numeric), trim_scale(length_m), trim_scale(avg_safety), ST_AsGeoJSON(line, 7)
FROM diary.join_segments(ARRAY(SELECT json_array_elements_text($1::json)))
