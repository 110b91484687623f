-- What searching needs, and a place for scores of the past.

-- Trusted, like pg_trgm: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS unaccent;

-- A name as it is typed in haste: without accents and capitals. unaccent() alone is only STABLE, since its dictionary
-- could be changed; it is the one that the extension brings, named in full.
CREATE FUNCTION diary.fold_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT lower(public.unaccent('public.unaccent'::regdictionary, value))
$$;

CREATE INDEX idx_segments_street ON diary.segments USING GIN (diary.fold_text(street) gin_trgm_ops);

-- Over an expression and not a stored column, which every audit row would carry along. English, for an index's
-- expression has to be the same for every row and every session; another language is another index.
CREATE INDEX idx_ratings_comment ON diary.ratings USING GIN (to_tsvector('english', comment))
  WHERE comment IS NOT NULL AND status = 'accepted';

-- Scores as they were, a row for each day and each segment with samples; empty unless analytics.record_scores() is
-- called. The key has the time in it, so that TimescaleDB can make a hypertable of it.
CREATE TABLE analytics.score_history (
  segment_id VARCHAR(50) NOT NULL REFERENCES diary.segments(segment_id) ON DELETE CASCADE,
  at timestamptz NOT NULL,
  decayed_mean NUMERIC(3, 2) NOT NULL,
  n_eff NUMERIC NOT NULL,
  PRIMARY KEY (segment_id, at)
);
