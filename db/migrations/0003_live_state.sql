-- What the live score of a segment stands on: docs/live-aggregates.md has the mathematics.

-- 2^((t - landmark) / 21 days), as a decimal of 15 digits: decimals add and subtract without any rounding, so that
-- the sums below do not depend on the order of arrivals and removing a sample leaves no trace of it.
-- double precision, and with it this scheme, ends 59 years after the landmark.
CREATE FUNCTION analytics.forward_weight(t timestamptz) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT power(2.0::float8, date_part('epoch', t - timestamptz '2025-01-01 00:00+00') / 1814400.0)::numeric
$$;

-- One row per segment from its first moment on, so that every later change is an UPDATE. The row's lock orders all
-- that happens to the segment. No column that changes with every rating is indexed: the updates stay heap-only.
CREATE TABLE analytics.segment_state (
  segment_id VARCHAR(50) PRIMARY KEY REFERENCES diary.segments(segment_id) ON DELETE CASCADE,
  advanced_at timestamptz NOT NULL DEFAULT clock_timestamp(),  -- the instant A that the windows below are true for
  next_event_at timestamptz NOT NULL DEFAULT 'infinity',       -- no sample crosses a window's edge in (A, this)
  n bigint NOT NULL DEFAULT 0 CHECK (n >= 0),        -- samples with t > A - 180 d; over them, g = forward weight:
  w numeric NOT NULL DEFAULT 0,                         --   sum g
  s numeric NOT NULL DEFAULT 0,                         --   sum g v
  q numeric NOT NULL DEFAULT 0,                         --   sum g v^2
  w2 numeric NOT NULL DEFAULT 0,                      --   sum g^2
  n30 bigint NOT NULL DEFAULT 0 CHECK (n30 >= 0),    -- samples with t > A - 30 d
  s30 numeric NOT NULL DEFAULT 0,                    --   sum v
  n60 bigint NOT NULL DEFAULT 0 CHECK (n60 >= 0),    -- samples with A - 60 d <= t <= A - 30 d
  s60 numeric NOT NULL DEFAULT 0,                    --   sum v
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
-- Most streets have no samples: they are not in it.
CREATE INDEX idx_segment_state_next_event ON analytics.segment_state (next_event_at) WHERE next_event_at < 'infinity';

CREATE TABLE analytics.segment_tag (
  segment_id VARCHAR(50) NOT NULL REFERENCES analytics.segment_state(segment_id) ON DELETE CASCADE,
  tag text NOT NULL,
  n bigint NOT NULL CHECK (n > 0),   -- ratings with this tag among the n of segment_state
  PRIMARY KEY (segment_id, tag)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);

-- Which transaction changed a segment last: what a reader has missed is WHERE changed_xid >= the xmin of its last
-- snapshot. Beside the state, because an index on a column that always changes would end its heap-only updates.
-- A deleted segment leaves its row behind as the notice of it, so there is no foreign key.
CREATE TABLE analytics.segment_change (
  segment_id VARCHAR(50) PRIMARY KEY,
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  is_deleted boolean NOT NULL DEFAULT false
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX idx_segment_change_xid ON analytics.segment_change (changed_xid);
