-- Searching: words in comments, names of streets. docs/search-and-maps.md has examples.

-- As migration 0006 has it, in another language: the STABLE call inside keeps SQL from being inlined, and starting an
-- executor for each row was a quarter of the time that the index on the names of streets took to build.
CREATE OR REPLACE FUNCTION diary.fold_text(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));
END $$;

-- Refuses a call whose parameter does not fit, by the parameter's name; NULL does not fit.
CREATE OR REPLACE FUNCTION diary.require(p_parameter text, p_fits boolean, p_rule text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_fits IS NOT TRUE THEN
    RAISE EXCEPTION '% must be %', p_parameter, p_rule USING ERRCODE = 'invalid_parameter_value';
  END IF;
END $$;

-- A box that a caller asks about. One that crosses the antimeridian is two boxes, one on either side.
CREATE OR REPLACE FUNCTION diary.require_box(
  p_min_lng float8, p_min_lat float8, p_max_lng float8, p_max_lat float8) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM diary.require('p_min_lng', p_min_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_max_lng', p_max_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_min_lat', p_min_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_max_lat', p_max_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_min_lng', p_min_lng < p_max_lng,
                        'less than p_max_lng; a box over the antimeridian is asked for as two');
  PERFORM diary.require('p_min_lat', p_min_lat < p_max_lat, 'less than p_max_lat');
END $$;

-- Published comments, newest first; the page after row r is asked for with p_before = r.submitted_at,
-- p_before_id = r.rating_id. Nothing of who wrote them.
-- headline is HTML: the comment is escaped before anything is marked, so the only markup in it is <mark>.
CREATE OR REPLACE FUNCTION diary.search_comments(
  p_query text, p_limit int DEFAULT 20, p_before timestamptz DEFAULT NULL, p_before_id uuid DEFAULT NULL)
RETURNS TABLE (rating_id uuid, segment_id varchar, street varchar, rating smallint, submitted_at timestamptz,
               headline text, rank real)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
  v_query tsquery;
BEGIN
  PERFORM diary.require('p_query', length(p_query) <= 200 AND p_query ~ '\S', '1 to 200 characters');
  PERFORM diary.require('p_limit', p_limit BETWEEN 1 AND 100, 'from 1 to 100');
  PERFORM diary.require('p_before', p_before IS NOT NULL OR p_before_id IS NULL, 'given with p_before_id');
  v_query := websearch_to_tsquery('english', p_query);
  RETURN QUERY
  SELECT page.rating_id, page.segment_id, s.street, page.rating, page.submitted_at,
         ts_headline('english',
                     replace(replace(replace(replace(replace(page.comment,
                       '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'),
                     v_query, 'HighlightAll=true, StartSel=<mark>, StopSel=</mark>'),
         ts_rank(to_tsvector('english', page.comment), v_query)
  FROM (SELECT r.rating_id, r.segment_id, r.rating, r.submitted_at, r.comment
        FROM diary.ratings r
        WHERE to_tsvector('english', r.comment) @@ v_query AND r.comment IS NOT NULL AND r.status = 'accepted'
          AND (p_before IS NULL OR r.submitted_at < p_before
               OR r.submitted_at = p_before AND r.rating_id < p_before_id)
        ORDER BY r.submitted_at DESC, r.rating_id DESC LIMIT p_limit) page
  JOIN diary.segments s ON s.segment_id = page.segment_id
  ORDER BY page.submitted_at DESC, page.rating_id DESC;
END $$;

-- Streets whose name is near to what was typed, whatever the accents, capitals and slips: those that begin with it
-- first, then by likeness, then the longer street. segment_id is the piece nearest to the middle of the street's box,
-- and lng, lat a place on it: where to look.
DROP FUNCTION IF EXISTS diary.search_streets(text, int);   -- it answered less
CREATE FUNCTION diary.search_streets(p_query text, p_limit int DEFAULT 10)
RETURNS TABLE (street varchar, neighborhood varchar, segment_count bigint, similarity real,
               min_lng float8, min_lat float8, max_lng float8, max_lat float8,
               segment_id varchar, lng float8, lat float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  v_name text := diary.fold_text(btrim(p_query));
  v_prefix text := regexp_replace(v_name, '([\\%_])', '\\\1', 'g') || '%';
  v_likeness float8 := 0.4;   -- pg_trgm's own 0.6 finds no Chestnut for "chesnut"
  v_before text;
BEGIN
  PERFORM diary.require('p_query', length(p_query) <= 200 AND p_query ~ '\S', '1 to 200 characters');
  PERFORM diary.require('p_limit', p_limit BETWEEN 1 AND 100, 'from 1 to 100');
  PERFORM word_similarity('', '');   -- loads the library, which knows the setting
  v_before := current_setting('pg_trgm.word_similarity_threshold');
  -- Only the operator's own threshold reaches the index.
  PERFORM set_config('pg_trgm.word_similarity_threshold', v_likeness::text, true);
  RETURN QUERY
  WITH piece AS MATERIALIZED (
    SELECT s.segment_id, s.street, s.neighborhood, s.geometry
    FROM diary.segments s
    WHERE diary.fold_text(s.street) %> v_name OR diary.fold_text(s.street) LIKE v_prefix
  ), found AS (
    SELECT p.street, p.neighborhood, count(*) AS n, word_similarity(v_name, diary.fold_text(p.street)) AS likeness,
           diary.fold_text(p.street) LIKE v_prefix AS begins, ST_Extent(p.geometry)::box2d AS box
    FROM piece p
    GROUP BY p.street, p.neighborhood
    ORDER BY begins DESC, likeness DESC, n DESC, p.street, p.neighborhood
    LIMIT p_limit
  )
  SELECT f.street, f.neighborhood, f.n, f.likeness,
         ST_XMin(f.box), ST_YMin(f.box), ST_XMax(f.box), ST_YMax(f.box), m.segment_id, ST_X(m.at), ST_Y(m.at)
  FROM found f
  CROSS JOIN LATERAL (
    SELECT p.segment_id, ST_LineInterpolatePoint(p.geometry, 0.5) AS at
    FROM piece p
    WHERE p.street = f.street AND p.neighborhood IS NOT DISTINCT FROM f.neighborhood
    ORDER BY ST_Distance(p.geometry, ST_Centroid(ST_SetSRID(f.box::geometry, 4326))), p.segment_id LIMIT 1
  ) m
  ORDER BY f.begins DESC, f.likeness DESC, f.n DESC, f.street, f.neighborhood;
  PERFORM set_config('pg_trgm.word_similarity_threshold', v_before, true);
END $$;
