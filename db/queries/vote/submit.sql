-- A batch of votes: $1 JSON rows, $2 how many a user may cast within an hour. See db/objects/080_submit.sql.
SELECT i, outcome, retry_after_s, trim_scale(implicit_rating), (extract(epoch FROM submitted_at) * 1000000)::bigint
FROM diary.submit_votes($1::json, $2::int) ORDER BY i
