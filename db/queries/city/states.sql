-- What ratings change of the segments named in the JSON array $1, and the transaction that changed the street itself
-- last: a reader that has the street of another one reads all of it (some.sql). Those that are gone are left out.
SELECT c.segment_id, st.w_real, st.s_real, array_to_json(st.top_tags) AS top_tags,
       trim_scale(round(CASE WHEN st.n30 > 0 THEN st.s30 / st.n30 ELSE 3.0 END
                        - CASE WHEN st.n60 > 0 THEN st.s60 / st.n60 ELSE 3.0 END, 2)) AS delta_30d,
       (extract(epoch FROM st.changed_at) * 1000000)::bigint AS changed_at_us,
       analytics.own_xid(c.changed_xid) AS changed_xid, analytics.own_xid(c.street_xid) AS street_xid
FROM analytics.segment_change c
JOIN analytics.segment_state st ON st.segment_id = c.segment_id
WHERE c.segment_id IN (SELECT json_array_elements_text($1::json))
