-- The rolling mean of route $1 on each day from $2 to $3 (the city's days), over the $4 days that end with it: of all
-- accepted ratings and votes of the route's segments, each segment once. Days whose window is empty are absent. Change
-- is against the $4 days before those, which share no sample with them. Row security decides about the route.
-- Sums are decimals, so that what enters a window leaves it without a trace.
WITH member AS MATERIALIZED (
  SELECT DISTINCT id::varchar AS segment_id FROM diary.routes r, unnest(r.segment_ids) id WHERE r.route_id = $1::uuid
), span AS MATERIALIZED (   -- from the first window's predecessor on
  SELECT time_zone, ($2::date - 2 * $4::int + 1)::timestamp AT TIME ZONE time_zone AS first_moment,
         ($3::date + 1)::timestamp AT TIME ZONE time_zone AS end_moment
  FROM diary.city
), pool AS (
  SELECT r.submitted_at, r.rating::numeric AS value
  FROM member m JOIN diary.ratings r ON r.segment_id = m.segment_id
  WHERE r.status = 'accepted' AND r.submitted_at >= (SELECT first_moment FROM span)
    AND r.submitted_at < (SELECT end_moment FROM span)
  UNION ALL
  SELECT v.submitted_at, v.implicit_rating
  FROM member m JOIN diary.votes v ON v.segment_id = m.segment_id
  WHERE v.submitted_at >= (SELECT first_moment FROM span) AND v.submitted_at < (SELECT end_moment FROM span)
), day AS (
  SELECT (submitted_at AT TIME ZONE (SELECT time_zone FROM span))::date AS date,
         count(*) AS n, sum(value) AS total, sum(value * value) AS squares
  FROM pool GROUP BY 1
), rolling AS (
  SELECT c.date, sum(COALESCE(d.n, 0)) OVER w AS n, sum(COALESCE(d.total, 0)) OVER w AS total,
         sum(COALESCE(d.squares, 0)) OVER w AS squares
  FROM (SELECT $2::date + i AS date FROM generate_series(1 - 2 * $4::int, $3::date - $2::date) i) c
  LEFT JOIN day d USING (date)
  WINDOW w AS (ORDER BY c.date ROWS BETWEEN $4::int - 1 PRECEDING AND CURRENT ROW)
), point AS (
  SELECT date, n, total / NULLIF(n, 0) AS mean,
         -- s / sqrt(n), squared; one sample has no standard error
         CASE WHEN n > 1 THEN GREATEST(squares - total * total / n, 0) / (n - 1) / n END AS error_squared
  FROM rolling
), compared AS (
  SELECT date, n, mean, error_squared, LEAST(n, lag(n, $4::int) OVER days) AS n_less,
         mean - lag(mean, $4::int) OVER days AS change,
         sqrt(error_squared + lag(error_squared, $4::int) OVER days) AS change_error
  FROM point WINDOW days AS (ORDER BY date)
)
SELECT to_char(date, 'YYYY-MM-DD') AS date, trim_scale(round(mean, 2)) AS mean_rating,
       trim_scale(round(sqrt(error_squared), 2)) AS std_error, trim_scale(round(LEAST(1.0, n / 10.0), 2)) AS confidence,
       n AS n_samples, n_less, change::float8, change_error::float8
FROM compared WHERE date >= $2::date AND n > 0 ORDER BY date
