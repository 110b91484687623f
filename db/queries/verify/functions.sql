-- The functions: answer, language, whose rights, settings; and that the body is this program's own.
-- $1: the text of db/migrations and db/objects, in which each body must stand; NULL: bodies are not compared.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.fill_nodes()', 'trigger plpgsql set search_path=pg_catalog, pg_temp'),
    ('3.1', 'diary.load_staged_segments()',
      'bigint plpgsql set search_path=pg_catalog, pg_temp set lock_timeout=500ms'),
    ('3.1', 'diary.node_at(geometry)', 'bigint sql immutable'),
    ('3.2',
      'analytics.refuse_duplicate(text, uuid, character varying, timestamp with time zone, timestamp with time '
      'zone, text)',
      'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('3.4', 'diary.join_segments(text[])',
      'record plpgsql stable set search_path=pg_catalog, public, pg_temp'),
    ('3.2', 'diary.moderate_rating(uuid, character varying, text)',
      'character varying plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.2', 'diary.withdraw_rating(uuid)', 'integer plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.4', 'diary.mirror_route_segments()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.4', 'diary.route_safety(text[])', 'numeric sql stable set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.begin_session(uuid, character varying, timestamp with time zone)',
      'TABLE(role character varying, tier character varying) plpgsql security definer set search_path=pg_catalog, '
      'pg_temp set plan_cache_mode=force_generic_plan'),
    ('3.5', 'auth.change_account(jsonb, character varying)',
      'text plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.delete_account(character varying)',
      'boolean plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.export_account()',
      'jsonb sql stable security definer set search_path=pg_catalog, public, pg_temp set TimeZone=UTC'),
    ('3.5', 'auth.logged_in(uuid, character varying, character varying)',
      'boolean plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.own_credentials()',
      'TABLE(user_id uuid, email character varying, password_hash character varying) sql stable security definer '
      'set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.password_hash_of(character varying)',
      'TABLE(user_id uuid, password_hash character varying) sql stable security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.prune_revoked_tokens()', 'bigint plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.register(character varying, character varying, character varying)',
      'uuid sql security definer set search_path=pg_catalog, public, pg_temp'),
    ('3.5', 'auth.revoke_token(character varying, timestamp with time zone)',
      'void sql security definer set search_path=pg_catalog, pg_temp'),
    ('3.5', 'auth.samples_of(uuid, text)',
      'jsonb plpgsql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('4', 'analytics.refresh_view(text, interval)',
      'boolean plpgsql security definer set search_path=pg_catalog, public, pg_temp'),
    ('4.1', 'analytics.schedule_reports()', 'boolean plpgsql set search_path=pg_catalog, pg_temp'),
    ('4.1', 'analytics.unschedule_reports()', 'boolean plpgsql set search_path=pg_catalog, pg_temp'),
    ('4.2', 'analytics.route_members()',
      'TABLE(route_id uuid, route_name character varying, segment_id character varying) plpgsql security definer '
      'set search_path=pg_catalog, pg_temp set row_security=on'),
    ('4.3',
      'analytics.cell_box(double precision, double precision, integer, integer, double precision, double precision)',
      'geometry sql immutable'),
    ('4.3', 'analytics.cell_height(double precision, double precision)', 'double precision sql immutable'),
    ('4.3', 'analytics.cell_width(double precision, double precision)', 'double precision sql immutable'),
    ('4.3',
      'analytics.coverage(double precision, double precision, double precision, double precision, double precision)',
      'TABLE(x integer, y integer, center_lng double precision, center_lat double precision, mean_confidence '
      'numeric, segment_count bigint, total_samples bigint, cell geometry) plpgsql stable set '
      'search_path=pg_catalog, public, pg_temp set plan_cache_mode=force_custom_plan'),
    ('4.3',
      'analytics.coverage_cells(double precision, double precision, double precision, double precision, double '
      'precision)',
      'bigint plpgsql immutable set search_path=pg_catalog, public, pg_temp'),
    ('4.3', 'analytics.coverage_grid_fresh()',
      'SETOF analytics.coverage_grid plpgsql set search_path=pg_catalog, public, pg_temp'),
    ('5.1', 'public.update_updated_at()', 'trigger plpgsql set search_path=pg_catalog, pg_temp'),
    ('5.2', 'public.calculate_segment_cost(numeric, numeric, numeric)', 'numeric sql immutable'),
    ('6.3', 'diary.submit_ratings(json, integer)',
      'TABLE(i integer, outcome text, retry_after_s integer, segment_id character varying, rating smallint, tags '
      'text[], comment text, submitted_at timestamp with time zone, status character varying) plpgsql security '
      'definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set enable_hashjoin=off set '
      'enable_mergejoin=off set enable_material=off set plan_cache_mode=force_generic_plan'),
    ('6.3', 'diary.submit_votes(json, integer)',
      'TABLE(i integer, outcome text, retry_after_s integer, implicit_rating numeric, submitted_at timestamp with '
      'time zone) plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set enable_material=off set plan_cache_mode=force_generic_plan'),
    ('10.1', 'auth.current_user_id()', 'uuid sql stable set search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.audit_trigger()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('10.2', 'audit.broken_batches(bigint, bytea)',
      'SETOF bigint sql stable security definer set search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.erase(uuid)', 'bigint plpgsql set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'audit.erased_digest(uuid)', 'text sql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'audit.head()',
      'TABLE(batch_id bigint, hash bytea, sealed_at timestamp with time zone) sql stable security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.seal()', 'bigint plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.align_partition(text, text)', 'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.align_partitions(boolean)', 'void plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.close_months(integer)',
      'bigint plpgsql security definer set search_path=pg_catalog, pg_temp set lock_timeout=100ms'),
    ('12.1', 'diary.close_some(text, timestamp with time zone, bigint)',
      'bigint plpgsql set search_path=pg_catalog, pg_temp set TimeZone=UTC set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off'),
    ('12.1', 'diary.closed_rating(uuid, date)', 'diary.ratings plpgsql stable set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.closed_vote(uuid, date)', 'diary.votes plpgsql stable set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.detach_months(interval)',
      'integer plpgsql security definer set search_path=pg_catalog, pg_temp set TimeZone=UTC set lock_timeout=1s'),
    ('12.1', 'diary.forget_closed()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('12.1', 'diary.forget_truncated()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.hold_moves()', 'bigint plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.know_closed_rating()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.know_closed_vote()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.make_partition(text, date)',
      'text plpgsql set search_path=pg_catalog, pg_temp set TimeZone=UTC set client_min_messages=warning'),
    ('12.1', 'diary.make_partition_triggers(text, text, boolean)',
      'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.make_partitions(integer)', 'void plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.moving()', 'boolean sql stable security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.refuse_id(text, text, uuid)', 'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.refuse_insert()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.refuse_moved()', 'trigger plpgsql stable security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.refuse_new_id()', 'trigger plpgsql set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.truncate_begins()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.2', 'diary.nearest_node(double precision, double precision)',
      'bigint sql stable set search_path=pg_catalog, public, pg_temp'),
    ('12.2', 'diary.route_astar(bigint, bigint, numeric)',
      'TABLE(seq integer, segment_id character varying, node bigint, length_m numeric, cost double precision, '
      'agg_cost double precision) plpgsql stable set search_path=pg_catalog, public, pg_temp'),
    ('12.2', 'diary.route_astar(double precision, double precision, double precision, double precision, numeric)',
      'TABLE(seq integer, segment_id character varying, node bigint, length_m numeric, cost double precision, '
      'agg_cost double precision) plpgsql stable set search_path=pg_catalog, public, pg_temp'),
    ('12.3', 'analytics.record_scores(timestamp with time zone)',
      'bigint plpgsql set search_path=pg_catalog, public, pg_temp'),
    ('12.3', 'analytics.use_timescale()', 'boolean plpgsql set search_path=pg_catalog, public, pg_temp'),
    ('12.4', 'analytics.advance_windows(integer)',
      'integer plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off'),
    ('12.4', 'analytics.correct_state(character varying, timestamp with time zone)',
      'analytics.corrected_state plpgsql stable security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.crossings_sql(timestamp with time zone, timestamp with time zone)',
      'text sql stable set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.fold(character varying[], numeric[], timestamp with time zone[], integer[], boolean)',
      'void plpgsql set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.fold_tags(character varying[], text[], timestamp with time zone[], integer[])',
      'void plpgsql set search_path=pg_catalog, pg_temp set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.forward_weight(timestamp with time zone)', 'numeric sql immutable'),
    ('12.4', 'analytics.next_event(timestamp with time zone, timestamp with time zone)',
      'timestamp with time zone sql stable'),
    ('12.4', 'analytics.ratings_changed()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.rebuild_segment_state()',
      'TABLE(segment_id character varying, what text, stored text, counted text) plpgsql security definer set '
      'search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.sample_sql(timestamp with time zone, timestamp with time zone)',
      'text sql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('12.4', 'analytics.samples_truncated()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.segment_live(timestamp with time zone)',
      'TABLE(segment_id character varying, decayed_mean numeric, n_eff numeric, confidence numeric, top_tags '
      'text[], delta_30d numeric, n_samples bigint, n_30d bigint, n_60d bigint) sql stable'),
    ('12.4', 'analytics.segments_changed()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.tags_at(character varying, timestamp with time zone)',
      'text[] plpgsql stable set search_path=pg_catalog, pg_temp set enable_seqscan=off'),
    ('12.4', 'analytics.votes_changed()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off set plan_cache_mode=force_generic_plan'),
    ('12.4', 'analytics.window_shift(character varying, timestamp with time zone, timestamp with time zone)',
      'TABLE(n bigint, w numeric, s numeric, q numeric, w2 numeric, n30 bigint, s30 numeric, n60 bigint, s60 '
      'numeric) plpgsql stable set search_path=pg_catalog, pg_temp set enable_seqscan=off'),
    ('12.6', 'analytics.clusters(integer, double precision, double precision, double precision, double precision)',
      'TABLE(cluster integer, center_lng double precision, center_lat double precision, segment_count bigint, '
      'mean_score numeric, total_confidence numeric) plpgsql stable set search_path=pg_catalog, public, pg_temp '
      'set plan_cache_mode=force_custom_plan'),
    ('12.6',
      'analytics.confident_segments(double precision, double precision, double precision, double precision, '
      'integer)',
      'TABLE(middle geometry, decayed_mean numeric, confidence numeric) sql stable set search_path=pg_catalog, '
      'public, pg_temp'),
    ('12.7', 'diary.fold_text(text)', 'text plpgsql immutable'),
    ('12.7', 'diary.require(text, boolean, text)', 'void plpgsql immutable set search_path=pg_catalog, pg_temp'),
    ('12.7', 'diary.require_box(double precision, double precision, double precision, double precision)',
      'void plpgsql immutable set search_path=pg_catalog, pg_temp'),
    ('12.7', 'diary.search_comments(text, integer, timestamp with time zone, uuid)',
      'TABLE(rating_id uuid, segment_id character varying, street character varying, rating smallint, submitted_at '
      'timestamp with time zone, headline text, rank real) plpgsql stable set search_path=pg_catalog, public, '
      'pg_temp set plan_cache_mode=force_custom_plan set client_min_messages=warning'),
    ('12.7', 'diary.search_streets(text, integer)',
      'TABLE(street character varying, neighborhood character varying, segment_count bigint, similarity real, '
      'min_lng double precision, min_lat double precision, max_lng double precision, max_lat double precision, '
      'segment_id character varying, lng double precision, lat double precision) plpgsql stable set '
      'search_path=pg_catalog, public, pg_temp set plan_cache_mode=force_custom_plan'),
    ('12.4', 'analytics.heal()', 'SETOF text plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.lock_in_order()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set enable_seqscan=off set '
      'enable_hashjoin=off set enable_mergejoin=off'),
    ('12.1', 'analytics.dropped_months(text)', 'date[] sql stable set search_path=pg_catalog, pg_temp'),
    ('12.1', 'analytics.month_doubts()',
      'TABLE(subject text, detail text) plpgsql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('12.4', 'analytics.own_xid(xid8)', 'bigint sql stable'),
    ('12.4', 'analytics.sync_segments(pg_snapshot)',
      'pg_snapshot plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.true_cursor(timestamp with time zone)', 'timestamp with time zone sql'),
    ('10.2', 'audit.count_rows(integer, xid8, xid8)', 'bigint sql stable set search_path=pg_catalog, pg_temp'),
    ('10.2', 'audit.rows_hash(bytea, integer, xid8, xid8)',
      'bytea sql stable set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'diary.be_in_epoch()', 'void plpgsql set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.change_month()',
      'trigger plpgsql security definer set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'diary.enter_epoch()', 'integer plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'diary.hold_own_routes()', 'boolean plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.1', 'diary.reopen_months()',
      'bigint plpgsql security definer set search_path=pg_catalog, pg_temp set TimeZone=UTC'),
    ('10.2', 'audit.let_go(interval, integer)', 'bigint plpgsql security definer set search_path=pg_catalog, pg_temp'),
    ('12.4', 'analytics.delete_alone()', 'trigger plpgsql security definer set search_path=pg_catalog, pg_temp')
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
