-- One rating ($1), whatever became of it, for moderators.
SELECT r.rating_id, r.segment_id, s.street, r.route_id, r.user_id, r.rating, array_to_json(r.tags), r.comment,
       (extract(epoch FROM r.submitted_at) * 1000000)::bigint, r.device, r.source, r.status, r.moderation_reason
FROM diary.ratings r JOIN diary.segments s USING (segment_id)
WHERE r.rating_id = $1::uuid
