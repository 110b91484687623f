-- Accepted ratings of a segment, newest first, with what tells a page's last row again: $1 segment; $2 rows wanted plus
-- one, to know whether a page follows. $3 and $4 are the hour and the mark of the last row of the page before, or NULL;
-- when that row is gone by now, the page begins at the end of its hour.
WITH last AS (
  SELECT COALESCE(max(submitted_at), $3::timestamptz + interval '1 hour') AS at,
         COALESCE(max(rating_id::text), '00000000-0000-0000-0000-000000000000')::uuid AS id
  FROM diary.ratings
  WHERE segment_id = $1 AND submitted_at >= $3::timestamptz AND submitted_at < $3::timestamptz + interval '1 hour'
    AND md5(rating_id::text) = $4
)
SELECT rating_id, segment_id, rating, array_to_json(tags), comment, (extract(epoch FROM submitted_at) * 1000000)::bigint,
       md5(rating_id::text)
FROM diary.ratings
WHERE segment_id = $1 AND status = 'accepted'
  AND ($3::timestamptz IS NULL OR (submitted_at, rating_id) < ((SELECT at FROM last), (SELECT id FROM last)))
ORDER BY submitted_at DESC, rating_id DESC LIMIT $2::int
