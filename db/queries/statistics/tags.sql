-- The $2 most frequent tags among the accepted ratings of the last 180 days on the segments of route $1, each segment
-- once, a tag once per rating; with the number of those ratings, tagged or not. One row without a tag when there are
-- none. Row security decides about the route.
WITH rated AS MATERIALIZED (
  SELECT r.tags
  FROM (SELECT DISTINCT id::varchar AS segment_id FROM diary.routes r, unnest(r.segment_ids) id
        WHERE r.route_id = $1::uuid) m
  JOIN diary.ratings r ON r.segment_id = m.segment_id
  WHERE r.status = 'accepted' AND r.submitted_at > now() - interval '4320 hours'
), counted AS (
  SELECT tag, count(*) AS n FROM rated, LATERAL (SELECT DISTINCT unnest(tags) AS tag) u
  GROUP BY tag ORDER BY n DESC, tag COLLATE "C" LIMIT $2::int
)
SELECT ratings.n, c.tag, c.n, trim_scale(round(100.0 * c.n / ratings.n, 1)) AS percentage
FROM (SELECT count(*) AS n FROM rated) ratings LEFT JOIN counted c ON true
ORDER BY c.n DESC, c.tag COLLATE "C"
