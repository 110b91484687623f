-- The segments named in the JSON array $1, as page.sql has them; those that are not there any more are left out.
SELECT s.segment_id, s.street, s.neighborhood, trim_scale(s.length_m) AS length_m,
       ST_AsGeoJSON(s.geometry, 7) AS geometry, encode(ST_AsBinary(s.geometry, 'NDR'), 'hex') AS line,
       st.w_real, st.s_real, array_to_json(st.top_tags) AS top_tags,
       trim_scale(round(CASE WHEN st.n30 > 0 THEN st.s30 / st.n30 ELSE 3.0 END
                        - CASE WHEN st.n60 > 0 THEN st.s60 / st.n60 ELSE 3.0 END, 2)) AS delta_30d,
       (extract(epoch FROM st.changed_at) * 1000000)::bigint AS changed_at_us,
       s.source_node, s.target_node, s.access, coalesce(analytics.own_xid(c.changed_xid), 0) AS changed_xid, coalesce(analytics.own_xid(c.street_xid), 0) AS street_xid
FROM diary.segments s
JOIN analytics.segment_state st ON st.segment_id = s.segment_id
LEFT JOIN analytics.segment_change c ON c.segment_id = s.segment_id
WHERE s.segment_id IN (SELECT json_array_elements_text($1::json))
