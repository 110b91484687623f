-- Whether there is a segment $1.
SELECT EXISTS (SELECT FROM diary.segments WHERE segment_id = $1)
