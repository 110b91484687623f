-- The five core tables (specification 3), in an order that works, as corrected. Columns are added, never renamed.

CREATE TABLE auth.users (
  user_id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  email VARCHAR(255) NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  display_name VARCHAR(100),
  avatar_url TEXT CHECK (length(avatar_url) <= 2000),
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  email_verified BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  last_login_at TIMESTAMPTZ,
  api_tier VARCHAR(20) NOT NULL DEFAULT 'free' CHECK (api_tier IN ('free', 'premium', 'enterprise'))
);
-- The specification's UNIQUE on email and this index would be the same index twice.
CREATE UNIQUE INDEX idx_users_email ON auth.users (lower(email));
CREATE INDEX idx_users_active ON auth.users (is_active) WHERE is_active = TRUE;
CREATE INDEX idx_users_tier ON auth.users (api_tier);

CREATE TABLE diary.segments (
  segment_id VARCHAR(50) PRIMARY KEY CHECK (segment_id <> ''),
  street VARCHAR(200) NOT NULL,
  neighborhood VARCHAR(100),
  length_m NUMERIC(8, 2) NOT NULL CHECK (length_m > 0),
  geometry GEOMETRY(LineString, 4326) NOT NULL
    CONSTRAINT geometry_on_earth CHECK (NOT ST_IsEmpty(geometry)
      AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180
      AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
  -- The ends in the network. OpenStreetMap's node ids are positive; those derived from coordinates are negative.
  source_node BIGINT NOT NULL,
  target_node BIGINT NOT NULL,
  -- Follow analytics.segment_live within a second. NOT NULL: LEAST(1.0, NULL) is 1.0, full confidence.
  decayed_mean NUMERIC(3, 2) NOT NULL DEFAULT 3.00 CHECK (decayed_mean BETWEEN 1.00 AND 5.00),
  n_eff NUMERIC(8, 2) NOT NULL DEFAULT 0.00 CHECK (n_eff >= 0),
  confidence NUMERIC(3, 2) GENERATED ALWAYS AS (LEAST(1.0, n_eff / 10.0)) STORED,
  top_tags TEXT[] NOT NULL DEFAULT '{}',
  delta_30d NUMERIC(3, 2) NOT NULL DEFAULT 0.00 CHECK (delta_30d BETWEEN -4.00 AND 4.00),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX idx_segments_geometry ON diary.segments USING GIST (geometry);
CREATE INDEX idx_segments_confidence ON diary.segments (confidence) WHERE confidence >= 0.5;
CREATE INDEX idx_segments_updated ON diary.segments (updated_at DESC);
CREATE INDEX idx_segments_neighborhood ON diary.segments (neighborhood);
CREATE INDEX idx_segments_source_node ON diary.segments (source_node);
CREATE INDEX idx_segments_target_node ON diary.segments (target_node);

CREATE TABLE diary.routes (
  route_id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  user_id UUID NOT NULL REFERENCES auth.users(user_id) ON DELETE CASCADE,
  route_name VARCHAR(200) NOT NULL,
  segment_ids TEXT[] NOT NULL CHECK (cardinality(segment_ids) BETWEEN 1 AND 10000),
  geometry GEOMETRY(LineString, 4326) NOT NULL,
  length_m NUMERIC(8, 2) NOT NULL CHECK (length_m > 0),
  duration_min NUMERIC(6, 2) NOT NULL CHECK (duration_min > 0),
  avg_safety NUMERIC(3, 2) CHECK (avg_safety BETWEEN 1.00 AND 5.00),
  alt_segment_ids TEXT[] CHECK (cardinality(alt_segment_ids) BETWEEN 1 AND 10000),
  alt_geometry GEOMETRY(LineString, 4326),
  alt_length_m NUMERIC(8, 2) CHECK (alt_length_m > 0),
  alt_duration_min NUMERIC(6, 2) CHECK (alt_duration_min > 0),
  alt_avg_safety NUMERIC(3, 2) CHECK (alt_avg_safety BETWEEN 1.00 AND 5.00),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  is_public BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX idx_routes_user ON diary.routes (user_id, created_at DESC);
CREATE INDEX idx_routes_geometry ON diary.routes USING GIST (geometry);
CREATE INDEX idx_routes_public ON diary.routes (is_public) WHERE is_public = TRUE;
CREATE INDEX idx_routes_segments ON diary.routes USING GIN (segment_ids);
CREATE INDEX idx_routes_alt_segments ON diary.routes USING GIN (alt_segment_ids);

-- An array can have no foreign key; this mirror, kept by a trigger, has one.
CREATE TABLE diary.route_segments (
  route_id UUID NOT NULL REFERENCES diary.routes(route_id) ON DELETE CASCADE,
  is_alt BOOLEAN NOT NULL,
  seq INT NOT NULL,
  segment_id VARCHAR(50) NOT NULL REFERENCES diary.segments(segment_id),
  PRIMARY KEY (route_id, is_alt, seq)
);
CREATE INDEX idx_route_segments_segment ON diary.route_segments (segment_id, route_id);

-- UNIQUE on the exact instant cannot see a rating one second later: it stays as specified and serves as the index
-- by which the trigger of objects/ratings_live.sql refuses the same user on the same segment within a rolling hour.
CREATE TABLE diary.ratings (
  rating_id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  segment_id VARCHAR(50) NOT NULL REFERENCES diary.segments(segment_id) ON DELETE CASCADE,
  route_id UUID REFERENCES diary.routes(route_id) ON DELETE SET NULL,
  user_id UUID NOT NULL REFERENCES auth.users(user_id) ON DELETE CASCADE,
  rating SMALLINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
  tags TEXT[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20 AND array_position(tags, NULL) IS NULL),
  comment TEXT CHECK (LENGTH(comment) <= 500),
  submitted_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  device VARCHAR(20) CHECK (device IN ('mobile', 'desktop', 'tablet')),
  source VARCHAR(20) CHECK (source IN ('recording', 'manual', 'community')),
  status VARCHAR(20) NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'pending_review', 'rejected')),
  -- A sample ahead of its time would weigh more than 1; three years ahead, 5e15.
  CONSTRAINT submitted_not_ahead CHECK (submitted_at <= received_at + INTERVAL '5 minutes'),
  CONSTRAINT submitted_not_ancient CHECK (submitted_at >= TIMESTAMPTZ '2000-01-01 00:00+00'),
  CONSTRAINT unique_rating_per_hour UNIQUE (user_id, segment_id, submitted_at)
);
CREATE INDEX idx_ratings_segment ON diary.ratings (segment_id, submitted_at DESC);
CREATE INDEX idx_ratings_user ON diary.ratings (user_id, submitted_at DESC);
-- The common value would never be looked up by an index: this one is the moderators' queue.
CREATE INDEX idx_ratings_status ON diary.ratings (submitted_at) WHERE status = 'pending_review';
CREATE INDEX idx_ratings_submitted ON diary.ratings (submitted_at DESC);
CREATE INDEX idx_ratings_tags ON diary.ratings USING GIN (tags);
CREATE INDEX idx_ratings_recent ON diary.ratings (segment_id, submitted_at DESC) INCLUDE (rating)
  WHERE status = 'accepted';
CREATE INDEX idx_ratings_route ON diary.ratings (route_id) WHERE route_id IS NOT NULL;

CREATE TABLE diary.votes (
  vote_id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  segment_id VARCHAR(50) NOT NULL REFERENCES diary.segments(segment_id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES auth.users(user_id) ON DELETE CASCADE,
  action VARCHAR(10) NOT NULL CHECK (action IN ('agree', 'safer')),
  -- Agreeing with 3.2345 is 3.2345: any rounding here would move the score that was agreed with.
  implicit_rating NUMERIC NOT NULL CHECK (implicit_rating BETWEEN 1 AND 5 AND scale(implicit_rating) <= 20),
  submitted_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT submitted_not_ahead CHECK (submitted_at <= received_at + INTERVAL '5 minutes'),
  CONSTRAINT submitted_not_ancient CHECK (submitted_at >= TIMESTAMPTZ '2000-01-01 00:00+00'),
  CONSTRAINT unique_vote_per_day UNIQUE (user_id, segment_id, action, submitted_at)
);
CREATE INDEX idx_votes_segment ON diary.votes (segment_id, submitted_at DESC);
CREATE INDEX idx_votes_user ON diary.votes (user_id, submitted_at DESC);
CREATE INDEX idx_votes_submitted ON diary.votes (submitted_at DESC);
CREATE INDEX idx_votes_recent ON diary.votes (segment_id, submitted_at DESC) INCLUDE (implicit_rating);
