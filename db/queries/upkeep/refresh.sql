-- Refreshes report $1 unless it is younger than $2 seconds. Whether it did.
SELECT analytics.refresh_view($1, make_interval(secs => $2::float8))
