-- The moderators' queue, longest waiting first: $1 rows wanted plus one; $2, $3 time and id of the last row of the page
-- before, or NULL.
SELECT r.rating_id, r.segment_id, s.street, r.route_id, r.user_id, r.rating, array_to_json(r.tags), r.comment,
       (extract(epoch FROM r.submitted_at) * 1000000)::bigint, r.device, r.source, r.status, r.moderation_reason
FROM diary.ratings r JOIN diary.segments s USING (segment_id)
WHERE r.status = 'pending_review'
  AND ($2::timestamptz IS NULL OR (r.submitted_at, r.rating_id) > ($2::timestamptz, $3::uuid))
ORDER BY r.submitted_at, r.rating_id LIMIT $1::int
