-- One segment ($1) with its live score.
SELECT s.segment_id, s.street, s.neighborhood, trim_scale(s.length_m) AS length_m,
       ST_AsGeoJSON(s.geometry, 7) AS geometry,
       trim_scale(round(l.decayed_mean, 2)) AS decayed_mean, trim_scale(round(l.n_eff, 2)) AS n_eff,
       trim_scale(l.confidence) AS confidence, array_to_json(l.top_tags) AS top_tags,
       trim_scale(round(l.delta_30d, 2)) AS delta_30d,
       (extract(epoch FROM l.changed_at) * 1000000)::bigint AS last_updated_us
FROM diary.segments s
JOIN analytics.segment_live l ON l.segment_id = s.segment_id
WHERE s.segment_id = $1
