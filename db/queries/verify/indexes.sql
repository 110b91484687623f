-- The indexes that stand behind no constraint.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.idx_segments_confidence',
      'CREATE INDEX idx_segments_confidence ON diary.segments (confidence) WHERE (confidence >= 0.5)'),
    ('3.1', 'diary.idx_segments_geometry',
      'CREATE INDEX idx_segments_geometry ON diary.segments USING gist (geometry)'),
    ('3.1', 'diary.idx_segments_neighborhood',
      'CREATE INDEX idx_segments_neighborhood ON diary.segments (neighborhood)'),
    ('3.1', 'diary.idx_segments_source_node',
      'CREATE INDEX idx_segments_source_node ON diary.segments (source_node)'),
    ('3.1', 'diary.idx_segments_target_node',
      'CREATE INDEX idx_segments_target_node ON diary.segments (target_node)'),
    ('3.1', 'diary.idx_segments_updated', 'CREATE INDEX idx_segments_updated ON diary.segments (updated_at DESC)'),
    ('3.2', 'diary.idx_ratings_recent',
      'CREATE INDEX idx_ratings_recent ON diary.ratings (segment_id, submitted_at DESC) INCLUDE (rating) WHERE '
      '((status) = ''accepted'')'),
    ('3.2', 'diary.idx_ratings_rejected',
      'CREATE INDEX idx_ratings_rejected ON diary.ratings (submitted_at DESC) WHERE ((status) = ''rejected'')'),
    ('3.2', 'diary.idx_withdrawn_ratings_user',
      'CREATE INDEX idx_withdrawn_ratings_user ON diary.withdrawn_ratings (user_id, received_at)'),
    ('3.2', 'diary.idx_ratings_route',
      'CREATE INDEX idx_ratings_route ON diary.ratings (route_id) WHERE (route_id IS NOT NULL)'),
    ('3.2', 'diary.idx_ratings_segment',
      'CREATE INDEX idx_ratings_segment ON diary.ratings (segment_id, submitted_at DESC)'),
    ('3.2', 'diary.idx_ratings_status',
      'CREATE INDEX idx_ratings_status ON diary.ratings (submitted_at) WHERE ((status) = ''pending_review'')'),
    ('3.2', 'diary.idx_ratings_submitted', 'CREATE INDEX idx_ratings_submitted ON diary.ratings (submitted_at DESC)'),
    ('3.2', 'diary.idx_ratings_tags', 'CREATE INDEX idx_ratings_tags ON diary.ratings USING gin (tags)'),
    ('3.2', 'diary.idx_ratings_user', 'CREATE INDEX idx_ratings_user ON diary.ratings (user_id, submitted_at DESC)'),
    ('3.3', 'diary.idx_votes_recent',
      'CREATE INDEX idx_votes_recent ON diary.votes (segment_id, submitted_at DESC) INCLUDE (implicit_rating)'),
    ('3.3', 'diary.idx_votes_segment',
      'CREATE INDEX idx_votes_segment ON diary.votes (segment_id, submitted_at DESC)'),
    ('3.3', 'diary.idx_votes_submitted', 'CREATE INDEX idx_votes_submitted ON diary.votes (submitted_at DESC)'),
    ('3.3', 'diary.idx_votes_user', 'CREATE INDEX idx_votes_user ON diary.votes (user_id, submitted_at DESC)'),
    ('3.4', 'diary.idx_route_segments_segment',
      'CREATE INDEX idx_route_segments_segment ON diary.route_segments (segment_id, route_id)'),
    ('3.4', 'diary.idx_routes_alt_segments',
      'CREATE INDEX idx_routes_alt_segments ON diary.routes USING gin (alt_segment_ids)'),
    ('3.4', 'diary.idx_routes_geometry', 'CREATE INDEX idx_routes_geometry ON diary.routes USING gist (geometry)'),
    ('3.4', 'diary.idx_routes_newest',
      'CREATE INDEX idx_routes_newest ON diary.routes (created_at DESC, route_id DESC)'),
    ('3.4', 'diary.idx_routes_public',
      'CREATE INDEX idx_routes_public ON diary.routes (is_public) WHERE (is_public = true)'),
    ('3.4', 'diary.idx_routes_segments', 'CREATE INDEX idx_routes_segments ON diary.routes USING gin (segment_ids)'),
    ('3.4', 'diary.idx_routes_user', 'CREATE INDEX idx_routes_user ON diary.routes (user_id, created_at DESC)'),
    ('3.5', 'auth.idx_revoked_tokens_expires',
      'CREATE INDEX idx_revoked_tokens_expires ON auth.revoked_tokens (expires_at)'),
    ('3.5', 'auth.idx_users_active',
      'CREATE INDEX idx_users_active ON auth.users (is_active) WHERE (is_active = true)'),
    ('3.5', 'auth.idx_users_email', 'CREATE UNIQUE INDEX idx_users_email ON auth.users (lower((email)))'),
    ('3.5', 'auth.idx_users_tier', 'CREATE INDEX idx_users_tier ON auth.users (api_tier)'),
    ('4.1', 'analytics.idx_segment_agg_confidence',
      'CREATE INDEX idx_segment_agg_confidence ON analytics.segment_aggregates (LEAST(1.0, (n_eff / 10.0))) WHERE '
      '((n_eff / 10.0) >= 0.5)'),
    ('4.1', 'analytics.idx_segment_agg_geometry',
      'CREATE INDEX idx_segment_agg_geometry ON analytics.segment_aggregates USING gist (geometry)'),
    ('4.1', 'analytics.idx_segment_agg_id',
      'CREATE UNIQUE INDEX idx_segment_agg_id ON analytics.segment_aggregates (segment_id)'),
    ('4.2', 'analytics.idx_trend_daily_date',
      'CREATE INDEX idx_trend_daily_date ON analytics.trend_daily (date DESC)'),
    ('4.2', 'analytics.idx_trend_daily_route',
      'CREATE UNIQUE INDEX idx_trend_daily_route ON analytics.trend_daily (route_id, date DESC)'),
    ('4.3', 'analytics.idx_coverage_grid_confidence',
      'CREATE INDEX idx_coverage_grid_confidence ON analytics.coverage_grid (mean_confidence)'),
    ('4.3', 'analytics.idx_coverage_grid_xy',
      'CREATE UNIQUE INDEX idx_coverage_grid_xy ON analytics.coverage_grid (x, y)'),
    ('10.2', 'audit.idx_audit_log_actor',
      'CREATE INDEX idx_audit_log_actor ON audit.log (actor_id) WHERE (actor_id IS DISTINCT FROM user_id)'),
    ('10.2', 'audit.idx_audit_log_changed',
      'CREATE INDEX idx_audit_log_changed ON audit.log USING brin (changed_at)'),
    ('10.2', 'audit.idx_audit_log_txid', 'CREATE INDEX idx_audit_log_txid ON audit.log (txid)'),
    ('10.2', 'audit.idx_audit_log_user', 'CREATE INDEX idx_audit_log_user ON audit.log (user_id)'),
    ('12.4', 'analytics.idx_segment_state_next_event',
      'CREATE INDEX idx_segment_state_next_event ON analytics.segment_state (next_event_at) WHERE (next_event_at < '
      '''infinity'')'),
    ('12.5', 'analytics.idx_segment_change_xid',
      'CREATE INDEX idx_segment_change_xid ON analytics.segment_change (changed_xid)'),
    ('12.7', 'diary.idx_ratings_comment',
      'CREATE INDEX idx_ratings_comment ON diary.ratings USING gin (to_tsvector(''english'', comment)) WHERE '
      '((comment IS NOT NULL) AND ((status) = ''accepted''))'),
    ('12.7', 'diary.idx_segments_street',
      'CREATE INDEX idx_segments_street ON diary.segments USING gin (diary.fold_text((street)) gin_trgm_ops)')
), found AS (
  SELECT n.nspname || '.' || i.relname AS name,
         replace(replace(pg_get_indexdef(x.indexrelid), 'public.', ''), ' USING btree', '')
         || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END AS definition
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
    AND c.relname !~ '^(ratings|votes)_p[0-9]{4}_[0-9]{2}$'
), rule (noise) AS (   -- casts and brackets, which print differently after a dump and a restore
  VALUES ('::(character varying|double precision|timestamp with(out)? time zone|\w+)(\([0-9,]+\))?(\[\])*|[()''\s]+')
)
SELECT COALESCE(e.section, ''), 'index', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN regexp_replace(e.definition, noise, '', 'g') = regexp_replace(f.definition, noise, '', 'g') THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name) CROSS JOIN rule
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
