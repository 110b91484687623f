-- The triggers: when, for which rows, with which function; and that each is enabled.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.segments.segments_fill_nodes',
      'BEFORE INSERT ON diary.segments FOR EACH ROW WHEN (((new.source_node IS NULL) OR (new.target_node IS NULL) '
      'OR (new.source_node < 0) OR (new.target_node < 0))) EXECUTE FUNCTION diary.fill_nodes()'),
    ('3.1', 'diary.segments.segments_refill_nodes',
      'BEFORE UPDATE OF geometry, source_node, target_node ON diary.segments FOR EACH ROW WHEN (((new.source_node '
      '< 0) OR (new.target_node < 0))) EXECUTE FUNCTION diary.fill_nodes()'),
    ('3.1', 'diary.segments.segments_updated_at',
      'BEFORE UPDATE ON diary.segments FOR EACH ROW EXECUTE FUNCTION update_updated_at()'),
    ('3.4', 'diary.routes.routes_mirror_segments',
      'AFTER INSERT OR UPDATE ON diary.routes FOR EACH ROW EXECUTE FUNCTION diary.mirror_route_segments()'),
    ('3.4', 'diary.routes.routes_updated_at',
      'BEFORE UPDATE ON diary.routes FOR EACH ROW EXECUTE FUNCTION update_updated_at()'),
    ('10.2', 'auth.users.users_audit',
      'AFTER INSERT ON auth.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''user_id'')'),
    ('10.2', 'auth.users.users_audit_delete',
      'AFTER DELETE ON auth.users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''user_id'')'),
    ('10.2', 'auth.users.users_audit_truncate',
      'AFTER TRUNCATE ON auth.users FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger()'),
    ('10.2', 'auth.users.users_audit_update',
      'AFTER UPDATE ON auth.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION audit.audit_trigger(''user_id'')'),
    ('10.2', 'diary.ratings.ratings_audit',
      'AFTER INSERT ON diary.ratings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''rating_id'')'),
    ('10.2', 'diary.ratings.ratings_audit_delete',
      'AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''rating_id'')'),
    ('10.2', 'diary.ratings.ratings_audit_truncate',
      'AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger()'),
    ('10.2', 'diary.ratings.ratings_audit_update',
      'AFTER UPDATE ON diary.ratings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION audit.audit_trigger(''rating_id'')'),
    ('10.2', 'diary.routes.routes_audit',
      'AFTER INSERT ON diary.routes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''route_id'')'),
    ('10.2', 'diary.routes.routes_audit_delete',
      'AFTER DELETE ON diary.routes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''route_id'')'),
    ('10.2', 'diary.routes.routes_audit_truncate',
      'AFTER TRUNCATE ON diary.routes FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger()'),
    ('10.2', 'diary.routes.routes_audit_update',
      'AFTER UPDATE ON diary.routes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION audit.audit_trigger(''route_id'')'),
    ('10.2', 'diary.votes.votes_audit',
      'AFTER INSERT ON diary.votes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''vote_id'')'),
    ('10.2', 'diary.votes.votes_audit_delete',
      'AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'audit.audit_trigger(''vote_id'')'),
    ('10.2', 'diary.votes.votes_audit_truncate',
      'AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger()'),
    ('10.2', 'diary.votes.votes_audit_update',
      'AFTER UPDATE ON diary.votes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION audit.audit_trigger(''vote_id'')'),
    ('12.1', 'diary.ratings.ratings_forget_closed',
      'AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'diary.forget_closed(''ratings'')'),
    ('12.1', 'diary.ratings.ratings_forget_truncated',
      'AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated(''ratings'')'),
    ('12.1', 'diary.ratings.ratings_know_closed',
      'BEFORE INSERT ON diary.ratings FOR EACH ROW WHEN ((current_setting(''diary.rows_are_own''::text, true) IS '
      'DISTINCT FROM ''on''::text)) EXECUTE FUNCTION diary.know_closed_rating()'),
    ('12.1', 'diary.ratings.ratings_know_closed_update',
      'BEFORE UPDATE OF rating_id ON diary.ratings FOR EACH ROW WHEN ((new.rating_id <> old.rating_id)) EXECUTE '
      'FUNCTION diary.know_closed_rating()'),
    ('12.1', 'diary.ratings.ratings_refuse_moved',
      'BEFORE DELETE OR UPDATE ON diary.ratings FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE '
      'FUNCTION diary.refuse_moved()'),
    ('12.1', 'diary.ratings.ratings_truncate_begins',
      'BEFORE TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins()'),
    ('12.1', 'diary.votes.votes_forget_closed',
      'AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'diary.forget_closed(''votes'')'),
    ('12.1', 'diary.votes.votes_forget_truncated',
      'AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated(''votes'')'),
    ('12.1', 'diary.votes.votes_know_closed',
      'BEFORE INSERT ON diary.votes FOR EACH ROW WHEN ((current_setting(''diary.rows_are_own''::text, true) IS '
      'DISTINCT FROM ''on''::text)) EXECUTE FUNCTION diary.know_closed_vote()'),
    ('12.1', 'diary.votes.votes_know_closed_update',
      'BEFORE UPDATE OF vote_id ON diary.votes FOR EACH ROW WHEN ((new.vote_id <> old.vote_id)) EXECUTE FUNCTION '
      'diary.know_closed_vote()'),
    ('12.1', 'diary.votes.votes_refuse_moved',
      'BEFORE DELETE OR UPDATE ON diary.votes FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION '
      'diary.refuse_moved()'),
    ('12.1', 'diary.votes.votes_truncate_begins',
      'BEFORE TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins()'),
    ('12.4', 'diary.ratings.ratings_live_delete',
      'AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.ratings_changed()'),
    ('12.4', 'diary.ratings.ratings_live_insert',
      'AFTER INSERT ON diary.ratings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.ratings_changed()'),
    ('12.4', 'diary.ratings.ratings_live_truncate',
      'AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated()'),
    ('12.4', 'diary.ratings.ratings_live_update',
      'AFTER UPDATE ON diary.ratings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION analytics.ratings_changed()'),
    ('12.4', 'diary.segments.segments_live_delete',
      'AFTER DELETE ON diary.segments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.segments_changed()'),
    ('12.4', 'diary.segments.segments_live_insert',
      'AFTER INSERT ON diary.segments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.segments_changed()'),
    ('12.4', 'diary.segments.segments_live_truncate',
      'AFTER TRUNCATE ON diary.segments FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed()'),
    ('12.4', 'diary.segments.segments_live_update',
      'AFTER UPDATE ON diary.segments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION analytics.segments_changed()'),
    ('12.4', 'diary.votes.votes_live_delete',
      'AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.votes_changed()'),
    ('12.4', 'diary.votes.votes_live_insert',
      'AFTER INSERT ON diary.votes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
      'analytics.votes_changed()'),
    ('12.4', 'diary.votes.votes_live_truncate',
      'AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated()'),
    ('12.4', 'diary.votes.votes_live_update',
      'AFTER UPDATE ON diary.votes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
      'EXECUTE FUNCTION analytics.votes_changed()'),
    ('12.4', 'diary.segments.A_segments_lock_in_order',
      'AFTER DELETE ON diary.segments REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION '
      'analytics.lock_in_order()'),
    ('12.4', 'auth.users.A_users_lock_in_order',
      'AFTER DELETE ON auth.users REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION '
      'analytics.lock_in_order()'),
    ('12.4', 'auth.users.users_delete_alone',
      'BEFORE DELETE ON auth.users FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone()'),
    ('12.4', 'diary.segments.segments_delete_alone',
      'BEFORE DELETE ON diary.segments FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone()')
), found AS (
  SELECT n.nspname || '.' || c.relname || '.' || t.tgname AS name,
         regexp_replace(replace(pg_get_triggerdef(t.oid), 'public.', ''), '^CREATE TRIGGER \S+ ', '')
         || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'A' THEN ' ALWAYS' WHEN 'R' THEN ' REPLICA' ELSE ' DISABLED' END
         AS definition
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND NOT t.tgisinternal
    AND c.relname !~ '^(ratings|votes)_p[0-9]{4}_[0-9]{2}$'
), rule (noise) AS (   -- casts and brackets, which print differently after a dump and a restore
  VALUES ('::(character varying|double precision|timestamp with(out)? time zone|\w+)(\([0-9,]+\))?(\[\])*|[()''\s]+')
)
SELECT COALESCE(e.section, ''), 'trigger', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN regexp_replace(e.definition, noise, '', 'g') = regexp_replace(f.definition, noise, '', 'g') THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name) CROSS JOIN rule
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
