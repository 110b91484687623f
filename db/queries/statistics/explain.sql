-- What the score of segment $1 is made of, as of the past moment $2, or of now (NULL): a row per kind of sample and age,
-- empty ones too, with the totals in each. No rows: no such segment. What is known at a past moment is as in
-- analytics.segment_live(timestamptz).
-- weight, weighted_sum and part are running sums, rounded, less the rounded sum before: so they add up to the last
-- digit, the prior first, and each is less than one unit of that digit off. The one before is the row's before, not
-- computed again: how many digits a division has depends on how many its numbers are written with, and the rounded
-- quotient of equal numbers with it.
-- The interval is made of the ratings' sums alone, in double precision.
WITH moment AS MATERIALIZED (
  SELECT COALESCE($2::timestamptz, now()) AS at FROM diary.segments WHERE segment_id = $1
), sample AS MATERIALIZED (
  SELECT kind, value, tags, action, at - t AS age,
         power(2.0::float8, -date_part('epoch', at - t) / 1814400.0)::numeric AS weight
  FROM moment CROSS JOIN LATERAL (
    SELECT 'rating' AS kind, rating::numeric AS value, submitted_at AS t, received_at, tags, NULL AS action
    FROM diary.ratings WHERE segment_id = $1 AND status = 'accepted' AND submitted_at > at - interval '4320 hours'
    UNION ALL
    SELECT 'vote', implicit_rating, submitted_at, received_at, '{}', action
    FROM diary.votes WHERE segment_id = $1 AND submitted_at > at - interval '4320 hours') x
  WHERE $2::timestamptz IS NULL
     OR t <= at + interval '5 minutes' AND CASE WHEN t < received_at - interval '25 hours' THEN t ELSE received_at END <= at
), total AS MATERIALIZED (
  SELECT count(*) AS n, COALESCE(sum(weight), 0) AS w, COALESCE(sum(weight * value), 0) AS s,
         COALESCE(sum(weight * weight), 0) AS w2,
         COALESCE(sum(weight) FILTER (WHERE kind = 'rating'), 0) AS rating_w,
         COALESCE(sum(weight * value) FILTER (WHERE kind = 'rating'), 0) AS rating_s,
         COALESCE(sum(weight * value * value) FILTER (WHERE kind = 'rating'), 0) AS rating_q,
         count(*) FILTER (WHERE action = 'agree') AS agree, count(*) FILTER (WHERE action = 'safer') AS safer,
         count(*) FILTER (WHERE age < interval '720 hours') AS n30,
         avg(value) FILTER (WHERE age < interval '720 hours') AS mean30,
         count(*) FILTER (WHERE age BETWEEN interval '720 hours' AND interval '1440 hours') AS n60,
         avg(value) FILTER (WHERE age BETWEEN interval '720 hours' AND interval '1440 hours') AS mean60
  FROM sample
), bucket AS (
  SELECT b.*, count(x.age) AS n, avg(x.value) AS mean, COALESCE(sum(x.weight), 0) AS w,
         COALESCE(sum(x.weight * x.value), 0) AS s
  FROM (SELECT kind, from_days, to_days, row_number() OVER (ORDER BY kind, from_days) AS i
        FROM (VALUES ('rating'), ('vote')) k(kind),
             (VALUES (0, 7), (7, 30), (30, 60), (60, 90), (90, 180)) d(from_days, to_days)) b
  LEFT JOIN sample x ON x.kind = b.kind AND x.age < b.to_days * interval '24 hours'
                    AND (x.age >= b.from_days * interval '24 hours' OR b.from_days = 0)
  GROUP BY b.kind, b.from_days, b.to_days, b.i
), running AS (   -- with the prior: 5 samples of 3.0
  SELECT bucket.*, round(5 + sum(bucket.w) OVER upto, 15) AS w_upto, round(15 + sum(bucket.s) OVER upto, 15) AS s_upto,
         round((15 + sum(bucket.s) OVER upto) / (5 + total.w), 15) AS mean_upto
  FROM bucket, total WINDOW upto AS (ORDER BY i)
)
SELECT r.kind, r.from_days, r.to_days, r.n, trim_scale(round(r.mean, 15)) AS mean_value,
       trim_scale(r.w_upto - lag(r.w_upto, 1, 5.0) OVER before) AS weight,
       trim_scale(r.s_upto - lag(r.s_upto, 1, 15.0) OVER before) AS weighted_sum,
       trim_scale(r.mean_upto - lag(r.mean_upto, 1, round(15 / (5 + t.w), 15)) OVER before) AS part,
       (extract(epoch FROM m.at) * 1000000)::bigint AS at_us,
       trim_scale(round((15 + t.s) / (5 + t.w), 15)) AS decayed_mean, trim_scale(round(t.w, 15)) AS n_eff,
       trim_scale(round(LEAST(1.0, round(t.w, 2) / 10.0), 2)) AS confidence, t.n AS n_samples,
       trim_scale(round(t.w * t.w / NULLIF(t.w2, 0), 6)) AS kish_n,
       trim_scale(round(5 + t.w, 15)) AS sum_of_weights, trim_scale(round(15 + t.s, 15)) AS weighted_sum_of_all,
       trim_scale(round(15 / (5 + t.w), 15)) AS prior_part, t.agree, t.safer,
       trim_scale(round((15 + t.rating_s) / (5 + t.rating_w), 15)) AS mean_of_ratings,
       trim_scale(round(COALESCE(t.mean30, 3.0) - COALESCE(t.mean60, 3.0), 2)) AS delta_30d,
       t.n30, trim_scale(round(t.mean30, 15)) AS mean30, t.n60, trim_scale(round(t.mean60, 15)) AS mean60,
       ((15 + t.s) / (5 + t.w))::float8 AS center, t.rating_w::float8, t.rating_s::float8, t.rating_q::float8,
       (SELECT COALESCE(json_agg(json_build_array(tag, uses) ORDER BY uses DESC, tag COLLATE "C"), '[]')
        FROM (SELECT tag, count(*) AS uses FROM sample x, LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
              GROUP BY tag ORDER BY uses DESC, tag COLLATE "C" LIMIT 100) counted) AS tags
FROM running r CROSS JOIN moment m CROSS JOIN total t
WINDOW before AS (ORDER BY r.i)
ORDER BY r.i
