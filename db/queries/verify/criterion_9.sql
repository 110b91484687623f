-- Criterion 9: the audit log has every change, who made it, no secret; and its chain holds.
VALUES
  ('11.9', '', '', 'runs', '',
   $$UPDATE diary.ratings SET rating = 1 WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$UPDATE diary.votes SET implicit_rating = 4 WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$UPDATE diary.routes SET route_name = 'Audited' WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$UPDATE auth.users SET display_name = 'Audited' WHERE user_id = current_setting('verify.b')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$DELETE FROM diary.ratings WHERE rating_id = current_setting('verify.rating')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$DELETE FROM diary.votes WHERE vote_id = current_setting('verify.vote')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$DELETE FROM diary.routes WHERE route_id = current_setting('verify.route')::uuid$$),
  ('11.9', '', '', 'runs', '',
   $$DELETE FROM auth.users WHERE user_id = current_setting('verify.b')::uuid$$),
  ('11.9', 'INSERT of diary.ratings is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.ratings' AND operation = 'INSERT'
       AND new_data ->> 'rating_id' = current_setting('verify.rating') AND old_data IS NULL$$),
  ('11.9', 'UPDATE of diary.ratings is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.ratings' AND operation = 'UPDATE'
       AND new_data ->> 'rating_id' = current_setting('verify.rating') AND old_data <> new_data$$),
  ('11.9', 'DELETE of diary.ratings is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.ratings' AND operation = 'DELETE'
       AND old_data ->> 'rating_id' = current_setting('verify.rating') AND new_data IS NULL$$),
  ('11.9', 'INSERT of diary.votes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.votes' AND operation = 'INSERT'
       AND new_data ->> 'vote_id' = current_setting('verify.vote') AND old_data IS NULL$$),
  ('11.9', 'UPDATE of diary.votes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.votes' AND operation = 'UPDATE'
       AND new_data ->> 'vote_id' = current_setting('verify.vote') AND old_data <> new_data$$),
  ('11.9', 'DELETE of diary.votes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.votes' AND operation = 'DELETE'
       AND old_data ->> 'vote_id' = current_setting('verify.vote') AND new_data IS NULL$$),
  ('11.9', 'INSERT of diary.routes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.routes' AND operation = 'INSERT'
       AND new_data ->> 'route_id' = current_setting('verify.route') AND old_data IS NULL$$),
  ('11.9', 'UPDATE of diary.routes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.routes' AND operation = 'UPDATE'
       AND new_data ->> 'route_id' = current_setting('verify.route') AND old_data <> new_data$$),
  ('11.9', 'DELETE of diary.routes is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'diary.routes' AND operation = 'DELETE'
       AND old_data ->> 'route_id' = current_setting('verify.route') AND new_data IS NULL$$),
  ('11.9', 'INSERT of auth.users is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'auth.users' AND operation = 'INSERT'
       AND new_data ->> 'user_id' = current_setting('verify.b') AND old_data IS NULL$$),
  ('11.9', 'UPDATE of auth.users is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'auth.users' AND operation = 'UPDATE'
       AND new_data ->> 'user_id' = current_setting('verify.b') AND old_data <> new_data$$),
  ('11.9', 'DELETE of auth.users is logged', '', 'equal', '1',
   $$SELECT count(*), 'log_id ' || max(log_id) || ' at ' || max(changed_at) FROM audit.log
     WHERE txid = pg_current_xact_id() AND table_name = 'auth.users' AND operation = 'DELETE'
       AND old_data ->> 'user_id' = current_setting('verify.b') AND new_data IS NULL$$),
  ('11.9', 'the log names who did it', '', 'equal', 't',
   $$SELECT COALESCE(bool_and(actor_id = current_setting('verify.a')::uuid AND db_role = session_user), false),
       count(*) || ' rows by ' || max(db_role) || ' for ' || max(actor_id::text)
     FROM audit.log WHERE txid = pg_current_xact_id()$$),
  ('11.9', 'no password hash is logged', '', 'equal', '0',
   $$SELECT count(*) FILTER (WHERE concat(old_data, new_data) LIKE '%verify-secret%'), count(*) || ' rows looked at'
     FROM audit.log WHERE txid = pg_current_xact_id()$$),
  ('11.9', 'the chain of sealed batches is unbroken', '', 'equal', '0',
   $$SELECT (SELECT count(*) FROM audit.broken_batches()), count(*) || ' batches, the newest hash '
       || COALESCE(left(encode((array_agg(hash ORDER BY batch_id DESC))[1], 'hex'), 16), 'none yet')
     FROM audit.batch$$)
