-- The live scores of a random box of about :wanted segments.
\set w random(0, :reach_e6)
\set s random(0, :reach_e6)
SELECT g.segment_id, l.decayed_mean, l.n_eff, l.confidence, l.top_tags, l.delta_30d, l.n_samples
FROM diary.segments g JOIN analytics.segment_live l ON l.segment_id = g.segment_id
WHERE g.geometry && ST_MakeEnvelope(:west + :w / 1e6, :south + :s / 1e6,
                                    :west + :w / 1e6 + :side, :south + :s / 1e6 + :side, 4326);
