-- Accepted comments with the words of $1, newest first: $2 rows wanted plus one. $3 and $4 are the hour and the mark of
-- the last row of the page before, or NULL; when that row is gone by now, the page begins at the end of its hour.
WITH last AS (
  SELECT CASE WHEN $3::timestamptz IS NOT NULL THEN COALESCE(max(submitted_at), $3::timestamptz + interval '1 hour') END AS at,
         CASE WHEN $3::timestamptz IS NOT NULL
              THEN COALESCE(max(rating_id::text), '00000000-0000-0000-0000-000000000000')::uuid END AS id
  FROM diary.ratings
  WHERE submitted_at >= $3::timestamptz AND submitted_at < $3::timestamptz + interval '1 hour'
    AND md5(rating_id::text) = $4
)
SELECT r.rating_id, r.segment_id, r.rating, array_to_json(r.tags), r.comment,
       (extract(epoch FROM r.submitted_at) * 1000000)::bigint, md5(r.rating_id::text), c.street, c.headline
FROM last, diary.search_comments($1, $2::int, last.at, last.id) c JOIN diary.ratings r USING (rating_id)
ORDER BY r.submitted_at DESC, r.rating_id DESC
