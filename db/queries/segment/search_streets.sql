-- Up to $2 streets whose name is near to $1. See db/objects/082_search.sql.
SELECT street, neighborhood, segment_count, trim_scale(round(similarity::numeric, 3)),
       trim_scale(round(min_lng::numeric, 7)), trim_scale(round(min_lat::numeric, 7)),
       trim_scale(round(max_lng::numeric, 7)), trim_scale(round(max_lat::numeric, 7)),
       segment_id, trim_scale(round(lng::numeric, 7)), trim_scale(round(lat::numeric, 7))
FROM diary.search_streets($1, $2::int)
