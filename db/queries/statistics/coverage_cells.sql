-- How many cells of $5 metres the box $1 to $4 (west, south, east, north) has.
SELECT analytics.coverage_cells($1::float8, $2::float8, $3::float8, $4::float8, $5::float8)
