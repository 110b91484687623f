-- One rating. Client c's k-th has the number base + c * share + k; the number names the user, and after all users had
-- their turn the next goes two hours further back: so nobody rates twice within an hour, whatever the segment.
\set i :i + 1
\set n :base + :client_id * :share + :i
\set u 100000000000 + :n % :users
\set slot :n / :users
\set late random(0, 1800)
\set segment random(1, :segments)
\set rating random(1, 5)
INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, submitted_at, device, source)
VALUES (gen_random_uuid(), 'g' || :segment::text, ('00000000-0000-4000-8000-' || :u::text)::uuid, :rating,
        '{well lit,busy}', now() - make_interval(secs => :slot::int * 7200 + :late::int), 'mobile', 'recording');
