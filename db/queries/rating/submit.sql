-- A batch of ratings: $1 JSON rows, $2 how many a user may submit within an hour. See db/objects/080_submit.sql.
SELECT i, outcome, retry_after_s, segment_id, rating, array_to_json(tags), comment,
       (extract(epoch FROM submitted_at) * 1000000)::bigint, status
FROM diary.submit_ratings($1::json, $2::int) ORDER BY i
