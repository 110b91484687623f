-- How many segments touch the box $1 to $4 (west, south, east, north), counted up to $5.
SELECT count(*) FROM (
  SELECT FROM diary.segments
  WHERE geometry && ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, 4326) LIMIT $5::int) found
