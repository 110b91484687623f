-- Primary keys, unique, check and foreign key constraints.
WITH expected (section, name, definition) AS (
  VALUES
    ('3.1', 'diary.segments.geometry_on_earth',
      'CHECK (NOT st_isempty(geometry) AND st_xmin(geometry) >= -180 AND st_xmax(geometry) <= 180 AND '
      'st_ymin(geometry) >= -90 AND st_ymax(geometry) <= 90)'),
    ('3.1', 'diary.segments.segments_decayed_mean_check', 'CHECK (decayed_mean >= 1.00 AND decayed_mean <= 5.00)'),
    ('3.1', 'diary.segments.segments_delta_30d_check', 'CHECK (delta_30d >= -4.00 AND delta_30d <= 4.00)'),
    ('3.1', 'diary.segments.segments_length_m_check', 'CHECK (length_m > 0)'),
    ('3.1', 'diary.segments.segments_n_eff_check', 'CHECK (n_eff >= 0)'),
    ('3.1', 'diary.segments.segments_pkey', 'PRIMARY KEY (segment_id)'),
    ('3.1', 'diary.segments.segments_segment_id_check', 'CHECK (segment_id <> '''')'),
    ('3.2', 'diary.ratings.ratings_comment_check', 'CHECK (length(comment) <= 500)'),
    ('3.2', 'diary.ratings.ratings_device_check',
      'CHECK (device = ANY (ARRAY[''mobile'', ''desktop'', ''tablet'']))'),
    ('3.2', 'diary.ratings.ratings_pkey', 'PRIMARY KEY (rating_id)'),
    ('3.2', 'diary.ratings.ratings_rating_check', 'CHECK (rating >= 1 AND rating <= 5)'),
    ('3.2', 'diary.ratings.ratings_route_id_fkey',
      'FOREIGN KEY (route_id) REFERENCES diary.routes(route_id) ON DELETE SET NULL'),
    ('3.2', 'diary.ratings.ratings_segment_id_fkey',
      'FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON DELETE CASCADE'),
    ('3.2', 'diary.ratings.ratings_source_check',
      'CHECK (source = ANY (ARRAY[''recording'', ''manual'', ''community'']))'),
    ('3.2', 'diary.ratings.ratings_status_check',
      'CHECK (status = ANY (ARRAY[''accepted'', ''pending_review'', ''rejected'']))'),
    ('3.2', 'diary.ratings.ratings_tags_check',
      'CHECK (cardinality(tags) <= 20 AND array_position(tags, NULL) IS NULL)'),
    ('3.2', 'diary.ratings.ratings_user_id_fkey',
      'FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE'),
    ('3.2', 'diary.ratings.submitted_not_ahead', 'CHECK (submitted_at <= received_at + ''00:05:00'')'),
    ('3.2', 'diary.ratings.submitted_not_ancient', 'CHECK (submitted_at >= ''2000-01-01 00:00:00+00'')'),
    ('3.2', 'diary.ratings.unique_rating_per_hour', 'UNIQUE (user_id, segment_id, submitted_at)'),
    ('3.3', 'diary.votes.submitted_not_ahead', 'CHECK (submitted_at <= received_at + ''00:05:00'')'),
    ('3.3', 'diary.votes.submitted_not_ancient', 'CHECK (submitted_at >= ''2000-01-01 00:00:00+00'')'),
    ('3.3', 'diary.votes.unique_vote_per_day', 'UNIQUE (user_id, segment_id, action, submitted_at)'),
    ('3.3', 'diary.votes.votes_action_check', 'CHECK (action = ANY (ARRAY[''agree'', ''safer'']))'),
    ('3.3', 'diary.votes.votes_implicit_rating_check',
      'CHECK (implicit_rating >= 1 AND implicit_rating <= 5 AND scale(implicit_rating) <= 20)'),
    ('3.3', 'diary.votes.votes_pkey', 'PRIMARY KEY (vote_id)'),
    ('3.3', 'diary.votes.votes_segment_id_fkey',
      'FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON DELETE CASCADE'),
    ('3.3', 'diary.votes.votes_user_id_fkey',
      'FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE'),
    ('3.4', 'diary.route_segments.route_segments_pkey', 'PRIMARY KEY (route_id, is_alt, seq)'),
    ('3.4', 'diary.route_segments.route_segments_route_id_fkey',
      'FOREIGN KEY (route_id) REFERENCES diary.routes(route_id) ON DELETE CASCADE'),
    ('3.4', 'diary.route_segments.route_segments_segment_id_fkey',
      'FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id)'),
    ('3.4', 'diary.routes.alt_geometry_on_earth',
      'CHECK (NOT st_isempty(alt_geometry) AND st_xmin(alt_geometry) >= -180 AND st_xmax(alt_geometry) <= 180 AND '
      'st_ymin(alt_geometry) >= -90 AND st_ymax(alt_geometry) <= 90)'),
    ('3.4', 'diary.routes.geometry_on_earth',
      'CHECK (NOT st_isempty(geometry) AND st_xmin(geometry) >= -180 AND st_xmax(geometry) <= 180 AND '
      'st_ymin(geometry) >= -90 AND st_ymax(geometry) <= 90)'),
    ('3.4', 'diary.routes.routes_alt_avg_safety_check', 'CHECK (alt_avg_safety >= 1.00 AND alt_avg_safety <= 5.00)'),
    ('3.4', 'diary.routes.routes_alt_duration_min_check', 'CHECK (alt_duration_min > 0)'),
    ('3.4', 'diary.routes.routes_alt_length_m_check', 'CHECK (alt_length_m > 0)'),
    ('3.4', 'diary.routes.routes_alt_segment_ids_check',
      'CHECK (cardinality(alt_segment_ids) >= 1 AND cardinality(alt_segment_ids) <= 10000)'),
    ('3.4', 'diary.routes.routes_avg_safety_check', 'CHECK (avg_safety >= 1.00 AND avg_safety <= 5.00)'),
    ('3.4', 'diary.routes.routes_duration_min_check', 'CHECK (duration_min > 0)'),
    ('3.4', 'diary.routes.routes_length_m_check', 'CHECK (length_m > 0)'),
    ('3.4', 'diary.routes.routes_pkey', 'PRIMARY KEY (route_id)'),
    ('3.4', 'diary.routes.routes_segment_ids_check',
      'CHECK (cardinality(segment_ids) >= 1 AND cardinality(segment_ids) <= 10000)'),
    ('3.4', 'diary.routes.routes_user_id_fkey',
      'FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE'),
    ('3.5', 'auth.users.users_api_tier_check',
      'CHECK (api_tier = ANY (ARRAY[''free'', ''premium'', ''enterprise'']))'),
    ('3.5', 'auth.users.users_avatar_url_check', 'CHECK (length(avatar_url) <= 2000)'),
    ('3.5', 'auth.users.users_pkey', 'PRIMARY KEY (user_id)'),
    ('4', 'analytics.refresh_log.refresh_log_pkey', 'PRIMARY KEY (view_name)'),
    ('4.2', 'diary.city.city_one_check', 'CHECK (one)'),
    ('4.2', 'diary.city.city_pkey', 'PRIMARY KEY (one)'),
    ('8', 'diary.migration.migration_pkey', 'PRIMARY KEY (name)'),
    ('10.2', 'audit.batch.batch_pkey', 'PRIMARY KEY (batch_id)'),
    ('10.2', 'audit.log.log_operation_check',
      'CHECK (operation = ANY (ARRAY[''INSERT'', ''UPDATE'', ''DELETE'', ''TRUNCATE'']))'),
    ('10.2', 'audit.log.log_pkey', 'PRIMARY KEY (log_id)'),
    ('12.4', 'analytics.segment_change.segment_change_pkey', 'PRIMARY KEY (segment_id)'),
    ('12.4', 'analytics.segment_state.segment_state_n30_check', 'CHECK (n30 >= 0)'),
    ('12.4', 'analytics.segment_state.segment_state_n60_check', 'CHECK (n60 >= 0)'),
    ('12.4', 'analytics.segment_state.segment_state_n_check', 'CHECK (n >= 0)'),
    ('12.4', 'analytics.segment_state.segment_state_pkey', 'PRIMARY KEY (segment_id)'),
    ('12.4', 'analytics.segment_state.segment_state_segment_id_fkey',
      'FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON DELETE CASCADE'),
    ('12.4', 'analytics.segment_tag.segment_tag_n_check', 'CHECK (n > 0)'),
    ('12.4', 'analytics.segment_tag.segment_tag_pkey', 'PRIMARY KEY (segment_id, tag)'),
    ('12.4', 'analytics.segment_tag.segment_tag_segment_id_fkey',
      'FOREIGN KEY (segment_id) REFERENCES analytics.segment_state(segment_id) ON DELETE CASCADE')
), found AS (
  SELECT n.nspname || '.' || c.relname || '.' || k.conname AS name,
         replace(pg_get_constraintdef(k.oid), 'public.', '') AS definition
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit')
    AND k.contype IN ('p', 'u', 'c', 'f', 'x')   -- not 'n': NOT NULL stands with the columns
    AND c.relname !~ '^(ratings|votes)_p[0-9]{4}_[0-9]{2}$'
), rule (noise) AS (   -- casts and brackets, which print differently after a dump and a restore
  VALUES ('::(character varying|double precision|timestamp with(out)? time zone|\w+)(\([0-9,]+\))?(\[\])*|[()''\s]+')
)
SELECT COALESCE(e.section, ''), 'constraint', name,
       CASE WHEN f.definition IS NULL THEN 'missing' WHEN e.definition IS NULL THEN 'extra'
            WHEN regexp_replace(e.definition, noise, '', 'g') = regexp_replace(f.definition, noise, '', 'g') THEN 'ok'
            ELSE 'wrong' END,
       COALESCE(e.definition, 'nothing'), COALESCE(f.definition, 'nothing')
FROM expected e FULL JOIN found f USING (name) CROSS JOIN rule
ORDER BY e.section IS NULL, string_to_array(e.section, '.')::int[], name
