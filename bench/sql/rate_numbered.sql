-- As rate.sql, for a city whose segments have names of their own: bench.numbered says them. The look-up is the bare
-- INSERT's own, and takes it a few microseconds.
\set i :i + 1
\set n :base + :client_id * :share + :i
\set u 100000000000 + :n % :users
\set slot :n / :users
\set late random(0, 1800)
\set segment random(1, :segments)
\set rating random(1, 5)
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, submitted_at, device, source)
SELECT gen_random_uuid(), segment_id, ('00000000-0000-4000-8000-' || :u::text)::uuid, :rating,
       '{well lit,busy}', now() - make_interval(secs => :slot::int * 7200 + :late::int), 'mobile', 'recording'
FROM bench.numbered WHERE n = :segment;
