-- The functions: answer, language, whose rights, settings; and that the body is this program's own.
-- $1: the text of db/migrations and db/objects, in which each body must stand; NULL: bodies are not compared.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.fill_nodes()', 'trigger plpgsql set search_path=pg_catalog, pg_temp'),
    ('3.1', 'diary.node_at(geometry)', 'bigint sql immutable'),
    ('3.2',
      'analytics.refuse_duplicate(text, uuid, character varying, timestamp with time zone, timestamp with time zone, text)',
      'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('3.4', 'diary.mirror_route_segments()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.logged_in(uuid)', 'void sql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.password_hash_of(character varying)',
      'TABLE(user_id uuid, password_hash character varying) sql stable security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.register(character varying, character varying, character varying)',
      'uuid sql security definer set search_path=pg_catalog, public, pg_temp'),
    ('4', 'analytics.refresh_view(text, interval)',
      'boolean plpgsql security definer set search_path=pg_catalog, public, pg_temp'),
    ('4.2', 'analytics.route_members()',
      'TABLE(route_id uuid, route_name character varying, segment_id character varying) plpgsql security definer '
      'set search_path=pg_catalog, pg_temp set row_security=on'),
    ('5.1', 'public.update_updated_at()', 'trigger plpgsql set search_path=pg_catalog, pg_temp'),
    ('5.2', 'public.calculate_segment_cost(numeric, numeric, numeric)', 'numeric sql immutable'),
    ('6.3', 'diary.submit_ratings(json, integer)',
      'TABLE(i integer, outcome text, retry_after_s integer, segment_id character varying, rating smallint, tags '
      'text[], comment text, submitted_at timestamp with time zone, status character varying) plpgsql security '
      'definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set enable_hashjoin=off set '
      'enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('6.3', 'diary.submit_votes(json, integer)',
      'TABLE(i integer, outcome text, retry_after_s integer, implicit_rating numeric, submitted_at timestamp with '
      'time zone) plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('10.1', 'auth.current_user_id()', 'uuid sql stable set search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.audit_trigger()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('10.2', 'audit.broken_batches(bigint, bytea)',
      'SETOF bigint sql stable security definer set search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.head()',
      'TABLE(batch_id bigint, hash bytea, sealed_at timestamp with time zone) sql stable security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.rows_hash(bytea, xid8, xid8)',
      'bytea sql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'audit.seal()', 'bigint plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.advance_windows(integer)',
      'integer plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off'),
    ('12.4', 'analytics.fold(character varying[], numeric[], timestamp with time zone[], integer[])',
      'void plpgsql set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.fold_tags(character varying[], text[], timestamp with time zone[], integer[])',
      'void plpgsql set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.forward_weight(timestamp with time zone)', 'numeric sql immutable'),
    ('12.4', 'analytics.next_event(timestamp with time zone, timestamp with time zone)',
      'timestamp with time zone sql stable'),
    ('12.4', 'analytics.next_event_of(character varying, timestamp with time zone)',
      'timestamp with time zone sql stable'),
    ('12.4', 'analytics.ratings_changed()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.rebuild_segment_state()',
      'TABLE(segment_id character varying, what text, stored text, counted text) plpgsql security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.samples_truncated()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.segment_live(timestamp with time zone)',
      'TABLE(segment_id character varying, decayed_mean numeric, n_eff numeric, confidence numeric, top_tags '
      'text[], delta_30d numeric, n_samples bigint, n_30d bigint, n_60d bigint) sql stable'),
    ('12.4', 'analytics.segments_changed()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.sync_segments(xid8)', 'xid8 plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.votes_changed()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.window_shift(character varying, timestamp with time zone, timestamp with time zone)',
      'TABLE(n bigint, w numeric, s numeric, q numeric, w2 numeric, n30 bigint, s30 numeric, n60 bigint, s60 '
      'numeric) sql stable')
), found AS (
  SELECT n.nspname || '.' || p.proname || '(' || COALESCE((
           SELECT string_agg(replace(format_type(u.t, NULL), 'public.', ''), ', ' ORDER BY u.i)
           FROM unnest(p.proargtypes) WITH ORDINALITY u(t, i)), '') || ')' AS name,
         replace(pg_get_function_result(p.oid), 'public.', '') || ' ' || l.lanname
         || CASE p.provolatile WHEN 'i' THEN ' immutable' WHEN 's' THEN ' stable' ELSE '' END
         || CASE WHEN p.prosecdef THEN ' security definer' ELSE '' END
         || COALESCE(' set ' || array_to_string(p.proconfig, ' set '), '')
         || CASE WHEN $1::text IS NULL OR strpos($1, p.prosrc) > 0 THEN '' ELSE ', another body' END AS definition
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
     OR n.nspname = 'public' AND p.proname IN ('update_updated_at', 'calculate_segment_cost')
)
SELECT COALESCE(e.section, ''), 'function', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN e.definition = f.definition THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name)
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
