-- What the roles other than the owner may do. One more than these is wrong.
WITH expected (section, name, definition) AS (
  VALUES
    ('10.1', 'diary_analyst on analytics.correct_state(character varying, timestamp with time zone)', 'execute'),
    ('10.1', 'diary_analyst on analytics.coverage_grid', 'select'),
    ('10.1', 'diary_analyst on analytics.forward_weight(timestamp with time zone)', 'execute'),
    ('10.1', 'diary_analyst on analytics.public_route_trend', 'select'),
    ('10.1', 'diary_analyst on analytics.refresh_log', 'select'),
    ('10.1', 'diary_analyst on analytics.sample', 'select'),
    ('10.1', 'diary_analyst on analytics.segment_aggregates', 'select'),
    ('10.1', 'diary_analyst on analytics.segment_live', 'select'),
    ('10.1', 'diary_analyst on analytics.segment_live(timestamp with time zone)', 'execute'),
    ('10.1', 'diary_analyst on auth.current_user_id()', 'execute'),
    ('10.1', 'diary_analyst on diary.city', 'select'),
    ('10.1', 'diary_analyst on diary.ratings',
      'select (device), select (rating), select (received_at), select (segment_id), select (source), select '
      '(status), select (submitted_at), select (tags)'),
    ('10.1', 'diary_analyst on diary.segments', 'select'),
    ('10.1', 'diary_analyst on diary.votes',
      'select (action), select (implicit_rating), select (received_at), select (segment_id), select (submitted_at)'),
    ('10.1', 'diary_analyst on public.calculate_segment_cost(numeric, numeric, numeric)', 'execute'),
    ('10.1', 'diary_analyst on schema analytics', 'usage'),
    ('10.1', 'diary_analyst on schema diary', 'usage'),
    ('10.1', 'diary_app on analytics.advance_windows(integer)', 'execute'),
    ('10.1',
      'diary_app on analytics.cell_box(double precision, double precision, integer, integer, double precision, '
      'double precision)',
      'execute'),
    ('10.1', 'diary_app on analytics.cell_height(double precision, double precision)', 'execute'),
    ('10.1', 'diary_app on analytics.cell_width(double precision, double precision)', 'execute'),
    ('10.1',
      'diary_app on analytics.clusters(integer, double precision, double precision, double precision, double '
      'precision)',
      'execute'),
    ('10.1',
      'diary_app on analytics.confident_segments(double precision, double precision, double precision, double '
      'precision, integer)',
      'execute'),
    ('10.1', 'diary_app on analytics.correct_state(character varying, timestamp with time zone)', 'execute'),
    ('10.1',
      'diary_app on analytics.coverage(double precision, double precision, double precision, double precision, '
      'double precision)',
      'execute'),
    ('10.1',
      'diary_app on analytics.coverage_cells(double precision, double precision, double precision, double precision, '
      'double precision)',
      'execute'),
    ('10.1', 'diary_app on analytics.coverage_grid', 'select'),
    ('10.1', 'diary_app on analytics.coverage_grid_fresh()', 'execute'),
    ('10.1', 'diary_app on analytics.forward_weight(timestamp with time zone)', 'execute'),
    ('10.1', 'diary_app on analytics.refresh_log', 'select'),
    ('10.1', 'diary_app on analytics.refresh_view(text, interval)', 'execute'),
    ('10.1', 'diary_app on analytics.route_trend', 'select'),
    ('10.1', 'diary_app on analytics.sample', 'select'),
    ('10.1', 'diary_app on analytics.segment_aggregates', 'select'),
    ('10.1', 'diary_app on analytics.segment_change', 'select'),
    ('10.1', 'diary_app on analytics.segment_live', 'select'),
    ('10.1', 'diary_app on analytics.segment_live(timestamp with time zone)', 'execute'),
    ('10.1', 'diary_app on analytics.segment_state', 'select'),
    ('10.1', 'diary_app on analytics.trend_daily',
      'select (computed_at), select (confidence), select (date), select (mean_rating), select (n_samples), select '
      '(route_id), select (std_error)'),
    ('10.1', 'diary_app on audit.head()', 'execute'),
    ('10.1', 'diary_app on audit.seal()', 'execute'),
    ('10.1', 'diary_app on auth.change_account(jsonb, character varying)', 'execute'),
    ('10.1', 'diary_app on auth.current_user_id()', 'execute'),
    ('10.1', 'diary_app on auth.delete_account(character varying)', 'execute'),
    ('10.1', 'diary_app on auth.export_account()', 'execute'),
    ('10.1', 'diary_app on auth.begin_session(uuid, character varying, timestamp with time zone)', 'execute'),
    ('10.1', 'diary_app on auth.logged_in(uuid, character varying, character varying)', 'execute'),
    ('10.1', 'diary_app on auth.own_credentials()', 'execute'),
    ('10.1', 'diary_app on auth.password_hash_of(character varying)', 'execute'),
    ('10.1', 'diary_app on auth.prune_revoked_tokens()', 'execute'),
    ('10.1', 'diary_app on auth.register(character varying, character varying, character varying)', 'execute'),
    ('10.1', 'diary_app on auth.revoke_token(character varying, timestamp with time zone)', 'execute'),
    ('10.1', 'diary_app on auth.users',
      'select (api_tier), select (avatar_url), select (created_at), select (display_name), select (email), select '
      '(email_verified), select (is_active), select (last_login_at), select (role), select (tokens_valid_from), '
      'select (user_id)'),
    ('10.1', 'diary_app on diary.city', 'select'),
    ('10.1', 'diary_app on diary.close_months(integer)', 'execute'),
    ('10.1', 'diary_app on diary.detach_months(interval)', 'execute'),
    ('10.1', 'diary_app on diary.fold_text(text)', 'execute'),
    ('10.1', 'diary_app on diary.join_segments(text[])', 'execute'),
    ('10.1', 'diary_app on diary.make_partitions(integer)', 'execute'),
    ('10.1', 'diary_app on diary.migration', 'select'),
    ('10.1', 'diary_app on diary.moderate_rating(uuid, character varying, text)', 'execute'),
    ('10.1', 'diary_app on diary.withdraw_rating(uuid)', 'execute'),
    ('10.1', 'diary_app on diary.nearest_node(double precision, double precision)', 'execute'),
    ('10.1', 'diary_app on diary.partition', 'select'),
    ('10.1', 'diary_app on diary.ratings', 'select'),
    ('10.1', 'diary_app on diary.require(text, boolean, text)', 'execute'),
    ('10.1', 'diary_app on diary.require_box(double precision, double precision, double precision, double precision)',
      'execute'),
    ('10.1', 'diary_app on diary.route_astar(bigint, bigint, numeric)', 'execute'),
    ('10.1',
      'diary_app on diary.route_astar(double precision, double precision, double precision, double precision, '
      'numeric)',
      'execute'),
    ('10.1', 'diary_app on diary.route_safety(text[])', 'execute'),
    ('10.1', 'diary_app on diary.routes', 'delete, insert, select, update'),
    ('10.1', 'diary_app on diary.search_comments(text, integer, timestamp with time zone, uuid)', 'execute'),
    ('10.1', 'diary_app on diary.search_streets(text, integer)', 'execute'),
    ('10.1', 'diary_app on diary.segments', 'select'),
    ('10.1', 'diary_app on diary.submit_ratings(json, integer)', 'execute'),
    ('10.1', 'diary_app on diary.submit_votes(json, integer)', 'execute'),
    ('10.1', 'diary_app on diary.votes', 'select'),
    ('10.1', 'diary_app on public.calculate_segment_cost(numeric, numeric, numeric)', 'execute'),
    ('10.1', 'diary_app on schema analytics', 'usage'),
    ('10.1', 'diary_app on schema audit', 'usage'),
    ('10.1', 'diary_app on schema auth', 'usage'),
    ('10.1', 'diary_app on schema diary', 'usage'),
    ('10.1', 'diary_app on analytics.own_xid(xid8)', 'execute'),
    ('10.1', 'diary_app on analytics.sync_segments(pg_snapshot)', 'execute'),
    ('10.1', 'diary_app on diary.hold_own_routes()', 'execute'),
    ('10.1', 'diary_app on audit.let_go(interval, integer)', 'execute')
), found AS (
  SELECT grantee || ' on ' || object AS name, string_agg(privilege, ', ' ORDER BY privilege) AS definition
  FROM (
    SELECT 'schema ' || n.nspname AS object, lower(g.privilege_type) AS privilege, g.grantee AS role,
           n.nspowner AS owner
    FROM pg_namespace n, aclexplode(COALESCE(n.nspacl, acldefault('n', n.nspowner))) g
    WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
    UNION ALL
    SELECT n.nspname || '.' || c.relname, lower(g.privilege_type), g.grantee, c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
      aclexplode(COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) g
    WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND c.relname !~ '^(ratings|votes)_p[0-9]{4}_[0-9]{2}$'
    UNION ALL
    SELECT n.nspname || '.' || c.relname, lower(g.privilege_type) || ' (' || a.attname || ')', g.grantee, c.relowner
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
      aclexplode(a.attacl) g
    WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND NOT a.attisdropped
    UNION ALL
    SELECT n.nspname || '.' || p.proname || '(' || COALESCE((
             SELECT string_agg(replace(format_type(u.t, NULL), 'public.', ''), ', ' ORDER BY u.i)
             FROM unnest(p.proargtypes) WITH ORDINALITY u(t, i)), '') || ')',
           lower(g.privilege_type), g.grantee, p.proowner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
      aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) g
    WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
       OR n.nspname = 'public' AND p.proname IN ('update_updated_at', 'calculate_segment_cost')
  ) given
  CROSS JOIN LATERAL (SELECT CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role) END AS grantee) named
  WHERE role <> owner AND grantee IN ('public', 'diary_app', 'diary_analyst')
  GROUP BY grantee, object
)
SELECT COALESCE(e.section, ''), 'grant', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'wrong'
            WHEN e.definition = f.definition THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name)
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
