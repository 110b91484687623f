-- Criterion 8: a private route is its user's alone, seen as the server's role sees it.
VALUES
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', current_setting('verify.a'), true)$$),
  ('11.8', 'its user sees it', 'app', 'equal', '1',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', 'its user may change it', 'app', 'tried', '1',
   $$WITH hit AS (UPDATE diary.routes SET route_name = 'Taken'
       WHERE route_id = current_setting('verify.route')::uuid RETURNING 1)
     SELECT count(*), count(*) || ' rows updated' FROM hit$$),
  ('11.8', 'its user cannot give it to another', 'app', 'refused', '42501',
   $$UPDATE diary.routes SET user_id = current_setting('verify.b')::uuid
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', current_setting('verify.b'), true)$$),
  ('11.8', 'another does not see it', 'app', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', 'another sees the public one', 'app', 'equal', '1',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.open_route')::uuid$$),
  ('11.8', 'another cannot change it', 'app', 'tried', '0',
   $$WITH hit AS (UPDATE diary.routes SET route_name = 'Taken'
       WHERE route_id = current_setting('verify.route')::uuid RETURNING 1)
     SELECT count(*), count(*) || ' rows updated' FROM hit$$),
  ('11.8', 'another cannot delete it', 'app', 'tried', '0',
   $$WITH hit AS (DELETE FROM diary.routes
       WHERE route_id = current_setting('verify.route')::uuid RETURNING 1)
     SELECT count(*), count(*) || ' rows deleted' FROM hit$$),
  ('11.8', 'another cannot change the public one', 'app', 'tried', '0',
   $$WITH hit AS (UPDATE diary.routes SET route_name = 'Taken'
       WHERE route_id = current_setting('verify.open_route')::uuid RETURNING 1)
     SELECT count(*), count(*) || ' rows updated' FROM hit$$),
  ('11.8', 'nobody can write in another''s name', 'app', 'refused', '42501',
   $$INSERT INTO diary.routes (user_id, route_name, segment_ids, geometry, length_m, duration_min)
     VALUES (current_setting('verify.a')::uuid, 'Verify', ARRAY[current_setting('verify.s1')],
       ST_GeomFromText('LINESTRING(-123.393 -48.876, -123.391 -48.876)', 4326), 140, 2)$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', '', true)$$),
  ('11.8', 'nobody does not see it', 'app', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', 'nobody sees the public one', 'app', 'equal', '1',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.open_route')::uuid$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', 'user_12345', true)$$),
  ('11.8', 'what is no UUID is nobody', 'app', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows' FROM diary.routes
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', current_setting('verify.b'), true)$$),
  ('11.8', 'the owner of the table is bound', 'owner', 'equal', '0',
   $$SELECT CASE WHEN rolsuper OR rolbypassrls THEN 'note' ELSE count(r.route_id)::text END,
       current_user || CASE WHEN rolsuper OR rolbypassrls
                            THEN ' passes every policy by: own the tables with a lesser role'
                            ELSE ' sees ' || count(r.route_id) || ' rows' END
     FROM pg_roles LEFT JOIN diary.routes r ON r.route_id = current_setting('verify.route')::uuid
     WHERE rolname = current_user GROUP BY rolsuper, rolbypassrls$$),
  ('11.8', 'the report shows no names of routes', 'app', 'refused', '42501',
   $$SELECT route_name FROM analytics.trend_daily$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', current_setting('verify.a'), true)$$),
  ('11.8', '', '', 'runs', '',
   $$REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.trend_daily$$),
  ('11.8', 'the view over it shows its user the name', 'app', 'equal', '1',
   $$SELECT count(route_name), count(*) || ' rows' FROM analytics.route_trend
     WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.8', '', '', 'runs', '',
   $$SELECT set_config('app.user_id', current_setting('verify.b'), true)$$),
  ('11.8', 'and another nothing of it', 'app', 'equal', '0',
   $$SELECT count(*), count(*) || ' rows' FROM analytics.route_trend
     WHERE route_id = current_setting('verify.route')::uuid$$)
