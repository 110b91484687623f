-- Who may do what. diary_app, the server's role, owns nothing; what it may not do directly it does through the
-- functions named here.

ALTER TABLE diary.routes ENABLE ROW LEVEL SECURITY;
ALTER TABLE diary.routes FORCE ROW LEVEL SECURITY;   -- binds the owner as well
DROP POLICY IF EXISTS routes_user_isolation ON diary.routes;
CREATE POLICY routes_user_isolation ON diary.routes FOR ALL
  USING (user_id = auth.current_user_id()) WITH CHECK (user_id = auth.current_user_id());
DROP POLICY IF EXISTS routes_public_visible ON diary.routes;
CREATE POLICY routes_public_visible ON diary.routes FOR SELECT USING (is_public = TRUE);
-- For the owner alone, and only inside analytics.route_members(), which fills the nightly report.
DROP POLICY IF EXISTS routes_report ON diary.routes;
CREATE POLICY routes_report ON diary.routes FOR SELECT TO CURRENT_USER
  USING (current_setting('diary.reporting', true) = 'on');

-- The report holds the names of private routes: names come from diary.routes, as far as the reader may see them.
CREATE OR REPLACE VIEW analytics.route_trend WITH (security_invoker = true) AS
SELECT r.route_id, r.route_name, t.date, t.mean_rating, t.std_error, t.n_samples, t.confidence, t.computed_at
FROM diary.routes r JOIN analytics.trend_daily t ON t.route_id = r.route_id;

-- The same for analysts: of the public routes only. With the owner's rights, so that they need none on the report or
-- the routes themselves; a barrier, so that no function of theirs is shown a row before it is sorted out.
CREATE OR REPLACE VIEW analytics.public_route_trend WITH (security_barrier = true) AS
SELECT r.route_id, r.route_name, t.date, t.mean_rating, t.std_error, t.n_samples, t.confidence, t.computed_at
FROM diary.routes r JOIN analytics.trend_daily t ON t.route_id = r.route_id
WHERE r.is_public;

-- What stands below is all that anybody but the owner may.
REVOKE ALL ON ALL TABLES IN SCHEMA diary, auth, analytics, audit FROM PUBLIC, diary_app, diary_analyst;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA diary, auth, analytics, audit FROM PUBLIC, diary_app, diary_analyst;
REVOKE ALL ON FUNCTION public.update_updated_at(), public.calculate_segment_cost(numeric, numeric, numeric) FROM PUBLIC;

-- The server.
GRANT USAGE ON SCHEMA diary, auth, analytics, audit TO diary_app;
GRANT SELECT ON diary.city, diary.migration, diary.segments TO diary_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON diary.routes TO diary_app;
GRANT SELECT ON diary.ratings, diary.votes TO diary_app;
GRANT SELECT (user_id, email, display_name, is_active, created_at, api_tier) ON auth.users TO diary_app;
GRANT SELECT ON analytics.segment_state, analytics.segment_change, analytics.sample, analytics.segment_live,
  analytics.segment_aggregates, analytics.coverage_grid, analytics.route_trend, analytics.refresh_log TO diary_app;
GRANT SELECT (route_id, date, mean_rating, std_error, n_samples, confidence, computed_at)
  ON analytics.trend_daily TO diary_app;
GRANT EXECUTE ON FUNCTION auth.current_user_id(), auth.register(varchar, varchar, varchar),
  auth.password_hash_of(varchar), auth.logged_in(uuid, varchar, varchar) TO diary_app;
GRANT EXECUTE ON FUNCTION diary.submit_ratings(json, int), diary.submit_votes(json, int) TO diary_app;
GRANT EXECUTE ON FUNCTION analytics.forward_weight(timestamptz), analytics.segment_live(timestamptz),
  analytics.correct_state(varchar, timestamptz), analytics.own_xid(xid8), analytics.advance_windows(int),
  analytics.sync_segments(pg_snapshot), analytics.refresh_view(text, interval) TO diary_app;
GRANT EXECUTE ON FUNCTION audit.seal(), audit.head(), audit.let_go(interval, int) TO diary_app;
GRANT EXECUTE ON FUNCTION public.calculate_segment_cost(numeric, numeric, numeric) TO diary_app;

-- Analysts: streets, scores, samples without the person, the comment and the route. They write nothing.
GRANT USAGE ON SCHEMA diary, analytics TO diary_analyst;
GRANT SELECT ON diary.city, diary.segments TO diary_analyst;
GRANT SELECT (segment_id, rating, tags, submitted_at, received_at, device, source, status)
  ON diary.ratings TO diary_analyst;
GRANT SELECT (segment_id, action, implicit_rating, submitted_at, received_at) ON diary.votes TO diary_analyst;
GRANT SELECT ON analytics.sample, analytics.segment_live, analytics.segment_aggregates, analytics.coverage_grid,
  analytics.public_route_trend, analytics.refresh_log TO diary_analyst;
-- What the views call is called with the reader's rights.
GRANT EXECUTE ON FUNCTION auth.current_user_id(), analytics.forward_weight(timestamptz),
  analytics.segment_live(timestamptz), analytics.correct_state(varchar, timestamptz) TO diary_analyst;
GRANT EXECUTE ON FUNCTION public.calculate_segment_cost(numeric, numeric, numeric) TO diary_analyst;

-- Months of ratings and votes.
GRANT SELECT ON diary.partition TO diary_app;
GRANT EXECUTE ON FUNCTION diary.make_partitions(int), diary.close_months(int), diary.detach_months(interval)
  TO diary_app;

-- Searching and maps, with the server's own rights to the tables
GRANT EXECUTE ON FUNCTION diary.fold_text(text), diary.require(text, boolean, text),
  diary.require_box(float8, float8, float8, float8), diary.search_comments(text, int, timestamptz, uuid),
  diary.search_streets(text, int), diary.nearest_node(float8, float8), diary.route_astar(bigint, bigint, numeric),
  diary.route_astar(float8, float8, float8, float8, numeric),
  analytics.cell_width(float8, float8), analytics.cell_height(float8, float8),
  analytics.coverage_cells(float8, float8, float8, float8, float8),
  analytics.cell_box(float8, float8, int, int, float8, float8),
  analytics.coverage(float8, float8, float8, float8, float8),
  analytics.confident_segments(float8, float8, float8, float8, int),
  analytics.clusters(int, float8, float8, float8, float8), analytics.coverage_grid_fresh() TO diary_app;

-- Saved routes
GRANT EXECUTE ON FUNCTION diary.join_segments(text[]), diary.route_safety(text[]), diary.hold_own_routes()
  TO diary_app;

-- Accounts and sessions
GRANT SELECT (avatar_url, email_verified, last_login_at, role, tokens_valid_from) ON auth.users TO diary_app;
GRANT EXECUTE ON FUNCTION auth.begin_session(uuid, varchar, timestamptz), auth.revoke_token(varchar, timestamptz),
  auth.prune_revoked_tokens(), auth.own_credentials(), auth.change_account(jsonb, varchar),
  auth.delete_account(varchar), auth.export_account() TO diary_app;

-- After a rating was submitted. Both act for app.user_id.
GRANT EXECUTE ON FUNCTION diary.withdraw_rating(uuid), diary.moderate_rating(uuid, varchar, text) TO diary_app;
