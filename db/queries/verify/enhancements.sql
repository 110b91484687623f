-- What section 12 of the specification put off, and is there now. The months come last: what is done there keeps
-- writers of streets, accounts and routes waiting until it is undone.
VALUES
  ('12.2', 'a route over two streets', 'app', 'equal', '2',
   $$SELECT CASE WHEN to_regprocedure('public.pgr_astar(text,bigint,bigint,boolean,integer,float8,float8)') IS NULL
                 THEN 'skipped'
            ELSE (SELECT count(*) FROM diary.route_astar(-123.393, -48.876, -123.391, -48.876)
                  WHERE segment_id IS NOT NULL)::text END,
       CASE WHEN to_regprocedure('public.pgr_astar(text,bigint,bigint,boolean,integer,float8,float8)') IS NULL
            THEN 'the extension pgrouting is not installed: CREATE EXTENSION pgrouting'
            ELSE 'by diary.route_astar' END$$),
  ('12.3', 'the history of scores is a hypertable', '', 'equal', 'true',
   $$SELECT CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
                 THEN analytics.use_timescale()::text ELSE 'skipped' END,
       CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
            THEN 'analytics.score_history' ELSE 'the extension timescaledb is not installed; it is a table' END$$),
  ('12.6', 'the streets with samples in a box are one cluster', 'app', 'equal', '2',
   $$SELECT segment_count, 'mean_score = ' || mean_score || ', total_confidence = ' || total_confidence
     FROM analytics.clusters(1, -123.4, -48.88, -123.39, -48.87)$$),
  ('12.6', 'or two, with a street each', 'app', 'equal', '{1,1}',
   $$SELECT array_agg(segment_count), 'centres at longitude ' || string_agg(round(center_lng::numeric, 4)::text, ', ')
     FROM analytics.clusters(2, -123.4, -48.88, -123.39, -48.87)$$),
  ('12.6', 'each sample is in one cell of the coverage', 'app', 'equal', '3',
   $$SELECT sum(total_samples), sum(total_samples) || ' samples in ' || count(*) || ' cells'
     FROM analytics.coverage(-123.4, -48.88, -123.39, -48.87)$$),
  ('12.7', '', '', 'runs', '', $$UPDATE diary.ratings SET comment = 'The verifying lanterns were lit'
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('12.7', 'a comment is found by another form of its words', 'app', 'equal', '1',
   $$SELECT count(*), min(headline) FROM diary.search_comments('verify lantern')
     WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('12.7', 'a street is found although its name is misspelt', 'app', 'equal', '1',
   $$SELECT count(*), min(street) || ', similarity ' || max(similarity) FROM diary.search_streets('verfy street', 100)
     WHERE street = 'Verify Street'$$),
  ('12.1', 'this month and the next three have their tables', '', 'equal', '8',
   $$SELECT CASE WHEN count(*) = 8 THEN '8' ELSE 'note' END, COALESCE(string_agg(child, ', ' ORDER BY child), 'none')
       || CASE WHEN count(*) = 8 THEN '' ELSE '; the server makes them, or SELECT diary.make_partitions()' END
     FROM diary.partition
     WHERE detached_at IS NULL AND month BETWEEN date_trunc('month', now(), 'UTC')::date
       AND (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months')::date$$),
  ('12.1', 'the id of each row of a closed month is kept', '', 'equal', '0',
   $$SELECT count(*) FILTER (WHERE known IS NULL), count(known) || ' rows in closed months'
     FROM (SELECT c.id AS known FROM diary.ratings r LEFT JOIN diary.closed_ratings c ON c.id = r.rating_id
           WHERE r.tableoid <> 'diary.ratings'::regclass
           UNION ALL
           SELECT c.id FROM diary.votes v LEFT JOIN diary.closed_votes c ON c.id = v.vote_id
           WHERE v.tableoid <> 'diary.votes'::regclass) closed$$),
  ('12.1', '', '', 'runs', '', $$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, submitted_at)
    VALUES (current_setting('verify.new_rating')::uuid, current_setting('verify.s1'),
            current_setting('verify.a')::uuid, 4, '2000-01-31 23:45+00')$$),
  ('12.1', '', '', 'runs', '', $$SELECT set_config('verify.closed', diary.close_months(1)::text, true)$$),
  ('12.1', 'a month that is over goes to a table of its own', '', 'equal', 'diary.ratings_p2000_01',
   $$SELECT CASE WHEN current_setting('verify.closed') = '0' THEN 'skipped' ELSE tableoid::regclass::text END,
       CASE WHEN current_setting('verify.closed') = '0' THEN 'somebody else is in the way at this moment'
            ELSE 'the row is in ' || tableoid::regclass END
     FROM diary.ratings WHERE rating_id = current_setting('verify.new_rating')::uuid$$),
  ('12.1', 'a rating that a closed month has, sent again, is known', 'app', 'equal', 'repeated',
   $$SELECT outcome, 'diary.submit_ratings says: ' || outcome
     FROM diary.submit_ratings(json_build_array(json_build_object('i', 0, 'g', 0,
       'rating_id', current_setting('verify.new_rating'), 'segment_id', current_setting('verify.s1'),
       'user_id', current_setting('verify.a'), 'rating', 4, 'tags', json_build_array(),
       'submitted_at', '2000-01-31 23:45+00', 'timed', true, 'status', 'accepted')), 20)$$),
  ('12.1', 'as printed in 6.3 it stays there once', '', 'equal', '1',
   $$WITH again AS (INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating)
       VALUES (current_setting('verify.new_rating')::uuid, current_setting('verify.s1'),
               current_setting('verify.a')::uuid, 4) ON CONFLICT (rating_id) DO NOTHING RETURNING 1)
     SELECT (SELECT count(*) FROM again) + count(*), count(*) || ' row, and ' || (SELECT count(*) FROM again) || ' more'
     FROM diary.ratings WHERE rating_id = current_setting('verify.new_rating')::uuid$$),
  ('12.1', 'another''s rating of the same id is refused', '', 'refused', '23505 ratings_pkey',
   $$INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating)
     VALUES (current_setting('verify.new_rating')::uuid, current_setting('verify.s1'),
             current_setting('verify.b')::uuid, 4)$$),
  ('12.1', 'a second rating 30 minutes later, of the next month, is refused', '', 'refused',
   '23505 unique_rating_per_hour',
   $$INSERT INTO diary.ratings (segment_id, user_id, rating, submitted_at)
     VALUES (current_setting('verify.s1'), current_setting('verify.a')::uuid, 4, '2000-02-01 00:15+00')$$)
