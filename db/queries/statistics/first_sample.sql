-- The day, in the city, of the first accepted rating or vote on any segment of route $1; NULL when there is none.
WITH member AS MATERIALIZED (
  SELECT DISTINCT id::varchar AS segment_id FROM diary.routes r, unnest(r.segment_ids) id WHERE r.route_id = $1::uuid
)
SELECT to_char(min(t) AT TIME ZONE (SELECT time_zone FROM diary.city), 'YYYY-MM-DD')
FROM (SELECT min(r.submitted_at) AS t FROM member m JOIN diary.ratings r ON r.segment_id = m.segment_id
      WHERE r.status = 'accepted'
      UNION ALL
      SELECT min(v.submitted_at) FROM member m JOIN diary.votes v ON v.segment_id = m.segment_id) firsts
