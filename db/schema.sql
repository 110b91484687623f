--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: analytics; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA analytics;


--
-- Name: audit; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA audit;


--
-- Name: auth; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA auth;


--
-- Name: diary; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA diary;


--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;


--
-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: postgis; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;


--
-- Name: EXTENSION postgis; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';


--
-- Name: unaccent; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;


--
-- Name: EXTENSION unaccent; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';


--
-- Name: uuid-ossp; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;


--
-- Name: EXTENSION "uuid-ossp"; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';


--
-- Name: corrected_state; Type: TYPE; Schema: analytics; Owner: -
--

CREATE TYPE analytics.corrected_state AS (
	n bigint,
	w_real double precision,
	s_real double precision,
	n30 bigint,
	s30 numeric,
	n60 bigint,
	s60 numeric,
	top_tags text[]
);


--
-- Name: advance_windows(integer); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.advance_windows(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $_$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_from timestamptz;
  v_due varchar[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'advance_windows needs READ COMMITTED: it must see what the locks it waited for let through'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  -- Between a cursor and its next_event_at nothing crosses an edge: only times since the first of those matter.
  SELECT array_agg(segment_id), min(next_event_at) - interval '1 microsecond' INTO v_due, v_from FROM (
    SELECT segment_id, next_event_at FROM analytics.segment_state
    WHERE next_event_at <= v_now AND next_event_at < 'infinity'
    ORDER BY next_event_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED) due;
  IF v_due IS NULL THEN RETURN 0; END IF;
  PERFORM diary.hold_moves();   -- no sample goes into a month that the texts below do not know of

  EXECUTE format($sql$
    SELECT analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(t), array_agg(-1))
    FROM (SELECT c.segment_id, tag, x.t
          FROM analytics.segment_state c
          JOIN %s ON x.segment_id = c.segment_id AND x.t > GREATEST(c.advanced_at, $1) - interval '4320 hours'
            AND x.t <= $2 - interval '4320 hours'
          CROSS JOIN LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
          WHERE c.segment_id = ANY ($3)) expired $sql$,
    analytics.sample_sql(v_from - interval '4320 hours', v_now - interval '4320 hours')) USING v_from, v_now, v_due;

  EXECUTE format($sql$
    UPDATE analytics.segment_state st
    SET advanced_at = $2,
        next_event_at = COALESCE(LEAST(   -- the first instant after $2 at which any sample changes a window
          (SELECT min(t) + interval '720 hours' FROM %s
           WHERE x.segment_id = st.segment_id AND t > $2 - interval '720 hours'),
          (SELECT min(t) + interval '1440 hours 0.000001 seconds' FROM %s
           WHERE x.segment_id = st.segment_id AND t >= $2 - interval '1440 hours'),
          (SELECT min(t) + interval '4320 hours' FROM %s
           WHERE x.segment_id = st.segment_id AND t > $2 - interval '4320 hours')), 'infinity'),
        n = st.n + d.n, n30 = st.n30 + d.n30, n60 = st.n60 + d.n60,
        w = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w + d.w END,
        s = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.s + d.s END,
        q = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.q + d.q END,
        w2 = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w2 + d.w2 END,
        s30 = st.s30 + d.s30, s60 = st.s60 + d.s60,
        top_tags = ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = st.segment_id
                         ORDER BY n DESC, tag COLLATE "C" LIMIT 5),
        changed_at = $2
    FROM analytics.segment_state c CROSS JOIN LATERAL (%s) d
    WHERE c.segment_id = ANY ($3) AND st.segment_id = c.segment_id $sql$,
    analytics.sample_sql(v_now - interval '720 hours', 'infinity'),
    analytics.sample_sql(v_now - interval '1440 hours', 'infinity'),
    analytics.sample_sql(v_now - interval '4320 hours', 'infinity'),
    analytics.crossings_sql(v_from, v_now)) USING v_from, v_now, v_due;
  UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id() WHERE segment_id = ANY (v_due);
  RETURN cardinality(v_due);
END $_$;


--
-- Name: cell_box(double precision, double precision, integer, integer, double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.cell_box(p_west double precision, p_south double precision, x integer, y integer, p_width double precision, p_height double precision) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT public.ST_MakeEnvelope(p_west + x * p_width, p_south + y * p_height,
                                p_west + (x + 1) * p_width, p_south + (y + 1) * p_height, 4326)
$$;


--
-- Name: cell_height(double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.cell_height(p_lat double precision, p_metres double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT degrees(p_metres * (1 - 0.00669437999014 * sind(p_lat) ^ 2) ^ 1.5 / (6378137 * (1 - 0.00669437999014)))
$$;


--
-- Name: cell_width(double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.cell_width(p_lat double precision, p_metres double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT degrees(p_metres * sqrt(1 - 0.00669437999014 * sind(p_lat) ^ 2) / (6378137 * cosd(LEAST(abs(p_lat), 89.9))))
$$;


--
-- Name: clusters(integer, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.clusters(p_k integer, p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) RETURNS TABLE(cluster integer, center_lng double precision, center_lat double precision, segment_count bigint, mean_score numeric, total_confidence numeric)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
DECLARE
  c_most_segments CONSTANT int := 100000;
  v_east float8 := cosd((p_min_lat + p_max_lat) / 2);   -- a degree east over a degree north: distances in the plane
  v_places bigint;
  v_segments bigint;
BEGIN
  PERFORM diary.require('p_k', p_k BETWEEN 1 AND 256, 'from 1 to 256');
  PERFORM diary.require_box(p_min_lng, p_min_lat, p_max_lng, p_max_lat);
  SELECT count(*), count(DISTINCT middle) INTO v_segments, v_places
  FROM analytics.confident_segments(p_min_lng, p_min_lat, p_max_lng, p_max_lat, c_most_segments + 1);
  IF v_segments > c_most_segments THEN
    RAISE EXCEPTION 'the box must be smaller: it holds over % rated segments', c_most_segments
      USING ERRCODE = 'program_limit_exceeded';
  END IF;
  IF v_segments = 0 THEN RETURN; END IF;
  RETURN QUERY
  WITH weighed AS (
    SELECT ST_X(middle) AS lng, ST_Y(middle) AS lat, decayed_mean, confidence,
           ST_ClusterKMeans(ST_MakePoint(ST_X(middle) * v_east, ST_Y(middle), 0, confidence),
                            LEAST(p_k, v_places)::int) OVER () AS cluster
    FROM analytics.confident_segments(p_min_lng, p_min_lat, p_max_lng, p_max_lat, c_most_segments)
  )
  SELECT (row_number() OVER (ORDER BY sum(confidence) DESC, cluster))::int - 1,
         (sum(lng * confidence::float8) / sum(confidence))::float8,
         (sum(lat * confidence::float8) / sum(confidence))::float8,
         count(*), round(sum(decayed_mean * confidence) / sum(confidence), 2), sum(confidence)
  FROM weighed GROUP BY cluster ORDER BY 1;
END $$;


--
-- Name: confident_segments(double precision, double precision, double precision, double precision, integer); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.confident_segments(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_limit integer) RETURNS TABLE(middle public.geometry, decayed_mean numeric, confidence numeric)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT m.middle, l.decayed_mean, l.confidence
  FROM diary.segments g
  CROSS JOIN LATERAL (SELECT ST_LineInterpolatePoint(g.geometry, 0.5) AS middle) m
  JOIN analytics.segment_live l ON l.segment_id = g.segment_id
  WHERE g.geometry && ST_MakeEnvelope(p_min_lng, p_min_lat, p_max_lng, p_max_lat, 4326)
    AND ST_X(m.middle) BETWEEN p_min_lng AND p_max_lng AND ST_Y(m.middle) BETWEEN p_min_lat AND p_max_lat
    AND l.confidence > 0
  ORDER BY g.segment_id LIMIT p_limit
$$;


--
-- Name: correct_state(character varying, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.correct_state(p_segment character varying, p_at timestamp with time zone) RETURNS analytics.corrected_state
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_state analytics.corrected_state;
BEGIN
  SELECT st.n + d.n, (st.w + d.w)::float8, (st.s + d.s)::float8, st.n30 + d.n30, st.s30 + d.s30, st.n60 + d.n60,
         st.s60 + d.s60, analytics.tags_at(st.segment_id, p_at)
    INTO v_state
  FROM analytics.segment_state st, LATERAL analytics.window_shift(st.segment_id, st.advanced_at, p_at) d
  WHERE st.segment_id = p_segment;
  RETURN v_state;
END $$;


--
-- Name: coverage(double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.coverage(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision DEFAULT 50) RETURNS TABLE(x integer, y integer, center_lng double precision, center_lat double precision, mean_confidence numeric, segment_count bigint, total_samples bigint, cell public.geometry)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
DECLARE
  c_most_cells CONSTANT int := 100000;
  v_height float8;   -- of a cell, in degrees
  v_rows int;
  v_widths float8[];   -- of a cell, row by row
BEGIN
  PERFORM diary.require_box(p_min_lng, p_min_lat, p_max_lng, p_max_lat);
  PERFORM diary.require('p_cell_m', p_cell_m BETWEEN 10 AND 5000, 'from 10 to 5000');
  PERFORM diary.require('p_cell_m', analytics.coverage_cells(p_min_lng, p_min_lat, p_max_lng, p_max_lat, p_cell_m)
                                    <= c_most_cells,
                        format('greater: the box would have over %s cells', c_most_cells));
  v_height := analytics.cell_height((p_min_lat + p_max_lat) / 2, p_cell_m);
  v_rows := floor((p_max_lat - p_min_lat) / v_height) + 1;
  v_widths := ARRAY(SELECT analytics.cell_width(p_min_lat + (y + 0.5) * v_height, p_cell_m)
                    FROM generate_series(0, v_rows - 1) y ORDER BY y);
  RETURN QUERY
  WITH segment AS MATERIALIZED (
    SELECT g.geometry, l.confidence, l.n_samples, ST_X(middle) AS middle_lng,
           floor((ST_Y(middle) - p_min_lat) / v_height) AS middle_y
    FROM diary.segments g
    CROSS JOIN LATERAL ST_LineInterpolatePoint(g.geometry, 0.5) middle
    JOIN analytics.segment_live l ON l.segment_id = g.segment_id
    WHERE g.geometry && ST_MakeEnvelope(p_min_lng, p_min_lat,
                                        (SELECT p_max_lng + max(width) FROM unnest(v_widths) width),
                                        p_min_lat + v_rows * v_height, 4326)
  ), touched AS (   -- only the cells under a segment's box are tried, then the exact test
    SELECT x, y, width, confidence, CASE WHEN home THEN n_samples ELSE 0 END AS n_samples
    FROM segment s
    CROSS JOIN LATERAL generate_series(
      GREATEST(0, floor((ST_YMin(s.geometry) - p_min_lat) / v_height)::int),
      LEAST(v_rows - 1, floor((ST_YMax(s.geometry) - p_min_lat) / v_height)::int)) y
    CROSS JOIN LATERAL (SELECT v_widths[y + 1] AS width) w
    CROSS JOIN LATERAL generate_series(
      GREATEST(0, floor((ST_XMin(s.geometry) - p_min_lng) / width)::int),
      LEAST(floor((p_max_lng - p_min_lng) / width)::int, floor((ST_XMax(s.geometry) - p_min_lng) / width)::int)) x
    CROSS JOIN LATERAL (SELECT y = s.middle_y AND x = floor((s.middle_lng - p_min_lng) / width) AS home) h
    CROSS JOIN LATERAL analytics.cell_box(p_min_lng, p_min_lat, x, y, width, v_height) box
    WHERE home OR ST_Intersects(s.geometry, box)
  )
  SELECT x, y, p_min_lng + (x + 0.5::float8) * width, p_min_lat + (y + 0.5::float8) * v_height,
         round(avg(confidence), 2), count(*), sum(n_samples)::bigint,
         analytics.cell_box(p_min_lng, p_min_lat, x, y, width, v_height)
  FROM touched GROUP BY x, y, width ORDER BY y, x;
END $$;


--
-- Name: coverage_cells(double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.coverage_cells(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  v_height float8 := analytics.cell_height((p_min_lat + p_max_lat) / 2, p_cell_m);
  v_rows bigint := floor((p_max_lat - p_min_lat) / v_height) + 1;
BEGIN
  IF v_rows > 100000 THEN RETURN v_rows; END IF;
  RETURN (SELECT sum(floor((p_max_lng - p_min_lng)
                           / analytics.cell_width(p_min_lat + (y + 0.5) * v_height, p_cell_m)) + 1)
          FROM generate_series(0, v_rows - 1) y);
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: ratings; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.ratings (
    rating_id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    segment_id character varying(50) NOT NULL,
    route_id uuid,
    user_id uuid NOT NULL,
    rating smallint NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    comment text,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    device character varying(20),
    source character varying(20),
    status character varying(20) DEFAULT 'accepted'::character varying NOT NULL,
    moderation_reason text,
    CONSTRAINT ratings_comment_check CHECK ((length(comment) <= 500)),
    CONSTRAINT ratings_device_check CHECK (((device)::text = ANY ((ARRAY['mobile'::character varying, 'desktop'::character varying, 'tablet'::character varying])::text[]))),
    CONSTRAINT ratings_moderation_reason_check CHECK ((length(moderation_reason) <= 500)),
    CONSTRAINT ratings_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
    CONSTRAINT ratings_source_check CHECK (((source)::text = ANY ((ARRAY['recording'::character varying, 'manual'::character varying, 'community'::character varying])::text[]))),
    CONSTRAINT ratings_status_check CHECK (((status)::text = ANY ((ARRAY['accepted'::character varying, 'pending_review'::character varying, 'rejected'::character varying])::text[]))),
    CONSTRAINT ratings_tags_check CHECK (((cardinality(tags) <= 20) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT submitted_not_ahead CHECK ((submitted_at <= (received_at + '00:05:00'::interval))),
    CONSTRAINT submitted_not_ancient CHECK ((submitted_at >= '2000-01-01 00:00:00+00'::timestamp with time zone))
);


--
-- Name: segments; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.segments (
    segment_id character varying(50) NOT NULL,
    street character varying(200) NOT NULL,
    neighborhood character varying(100),
    length_m numeric(8,2) NOT NULL,
    geometry public.geometry(LineString,4326) NOT NULL,
    source_node bigint NOT NULL,
    target_node bigint NOT NULL,
    decayed_mean numeric(3,2) DEFAULT 3.00 NOT NULL,
    n_eff numeric(8,2) DEFAULT 0.00 NOT NULL,
    confidence numeric(3,2) GENERATED ALWAYS AS (LEAST(1.0, (n_eff / 10.0))) STORED,
    top_tags text[] DEFAULT '{}'::text[] NOT NULL,
    delta_30d numeric(3,2) DEFAULT 0.00 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    access smallint DEFAULT 15 NOT NULL,
    CONSTRAINT geometry_on_earth CHECK (((NOT public.st_isempty(geometry)) AND (public.st_xmin((geometry)::public.box3d) >= ('-180'::integer)::double precision) AND (public.st_xmax((geometry)::public.box3d) <= (180)::double precision) AND (public.st_ymin((geometry)::public.box3d) >= ('-90'::integer)::double precision) AND (public.st_ymax((geometry)::public.box3d) <= (90)::double precision))),
    CONSTRAINT segments_access_check CHECK (((access >= 0) AND (access <= 15))),
    CONSTRAINT segments_decayed_mean_check CHECK (((decayed_mean >= 1.00) AND (decayed_mean <= 5.00))),
    CONSTRAINT segments_delta_30d_check CHECK (((delta_30d >= '-4.00'::numeric) AND (delta_30d <= 4.00))),
    CONSTRAINT segments_length_m_check CHECK ((length_m > (0)::numeric)),
    CONSTRAINT segments_n_eff_check CHECK ((n_eff >= (0)::numeric)),
    CONSTRAINT segments_segment_id_check CHECK (((segment_id)::text <> ''::text))
);


--
-- Name: COLUMN segments.access; Type: COMMENT; Schema: diary; Owner: -
--

COMMENT ON COLUMN diary.segments.access IS 'Bits: 1 walk along the line, 2 walk against it, 4 cycle along it, 8 cycle against it (src/domain/access.hpp)';


--
-- Name: votes; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.votes (
    vote_id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    segment_id character varying(50) NOT NULL,
    user_id uuid NOT NULL,
    action character varying(10) NOT NULL,
    implicit_rating numeric NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT submitted_not_ahead CHECK ((submitted_at <= (received_at + '00:05:00'::interval))),
    CONSTRAINT submitted_not_ancient CHECK ((submitted_at >= '2000-01-01 00:00:00+00'::timestamp with time zone)),
    CONSTRAINT votes_action_check CHECK (((action)::text = ANY ((ARRAY['agree'::character varying, 'safer'::character varying])::text[]))),
    CONSTRAINT votes_implicit_rating_check CHECK ((((implicit_rating >= (1)::numeric) AND (implicit_rating <= (5)::numeric)) AND (scale(implicit_rating) <= 20)))
);


--
-- Name: segment_aggregates; Type: MATERIALIZED VIEW; Schema: analytics; Owner: -
--

CREATE MATERIALIZED VIEW analytics.segment_aggregates AS
 WITH time_weighted AS MATERIALIZED (
         SELECT u.segment_id,
            u.value,
            u.tags,
            u.submitted_at,
            power((2.0)::double precision, ((- date_part('epoch'::text, (now() - u.submitted_at))) / (1814400.0)::double precision)) AS weight
           FROM ( SELECT ratings.segment_id,
                    (ratings.rating)::numeric AS value,
                    ratings.submitted_at,
                    ratings.tags
                   FROM diary.ratings
                  WHERE ((ratings.status)::text = 'accepted'::text)
                UNION ALL
                 SELECT votes.segment_id,
                    votes.implicit_rating,
                    votes.submitted_at,
                    '{}'::text[] AS text
                   FROM diary.votes) u
          WHERE (u.submitted_at > (now() - '4320:00:00'::interval))
        ), aggregated AS (
         SELECT time_weighted.segment_id,
            sum(((time_weighted.value)::double precision * time_weighted.weight)) AS weighted_sum,
            sum(time_weighted.weight) AS n_eff,
            count(*) AS n_samples,
            avg(time_weighted.value) FILTER (WHERE (time_weighted.submitted_at > (now() - '720:00:00'::interval))) AS recent,
            avg(time_weighted.value) FILTER (WHERE ((time_weighted.submitted_at >= (now() - '1440:00:00'::interval)) AND (time_weighted.submitted_at <= (now() - '720:00:00'::interval)))) AS older
           FROM time_weighted
          GROUP BY time_weighted.segment_id
        ), top_tags AS (
         SELECT counted.segment_id,
            (array_agg(counted.tag ORDER BY counted.uses DESC, (counted.tag COLLATE "C")))[1:5] AS top_tags
           FROM ( SELECT time_weighted.segment_id,
                    t_1.tag,
                    count(*) AS uses
                   FROM time_weighted,
                    LATERAL ( SELECT DISTINCT unnest(time_weighted.tags) AS tag) t_1
                  GROUP BY time_weighted.segment_id, t_1.tag) counted
          GROUP BY counted.segment_id
        )
 SELECT s.segment_id,
    s.street,
    s.neighborhood,
    s.length_m,
    s.geometry,
    round(((((15)::double precision + COALESCE(a.weighted_sum, (0)::double precision)) / ((5)::double precision + COALESCE(a.n_eff, (0)::double precision))))::numeric, 2) AS decayed_mean,
    round((COALESCE(a.n_eff, (0)::double precision))::numeric, 2) AS n_eff,
    COALESCE(t.top_tags, '{}'::text[]) AS top_tags,
    round((COALESCE(a.recent, 3.0) - COALESCE(a.older, 3.0)), 2) AS delta_30d,
    now() AS computed_at,
    round(LEAST(1.0, (round((COALESCE(a.n_eff, (0)::double precision))::numeric, 2) / 10.0)), 2) AS confidence,
    COALESCE(a.n_samples, (0)::bigint) AS n_samples
   FROM ((diary.segments s
     LEFT JOIN aggregated a USING (segment_id))
     LEFT JOIN top_tags t USING (segment_id))
  WITH NO DATA;


--
-- Name: coverage_grid; Type: MATERIALIZED VIEW; Schema: analytics; Owner: -
--

CREATE MATERIALIZED VIEW analytics.coverage_grid AS
 WITH segment AS (
         SELECT m.segment_id,
            m.geometry,
            m.n_samples,
            m.n_eff,
            (floor(((public.st_x(m.middle) + (75.20)::double precision) / (0.0005)::double precision)))::integer AS home_x,
            (floor(((public.st_y(m.middle) - (39.90)::double precision) / (0.0005)::double precision)))::integer AS home_y
           FROM ( SELECT segment_aggregates.segment_id,
                    segment_aggregates.street,
                    segment_aggregates.neighborhood,
                    segment_aggregates.length_m,
                    segment_aggregates.geometry,
                    segment_aggregates.decayed_mean,
                    segment_aggregates.n_eff,
                    segment_aggregates.top_tags,
                    segment_aggregates.delta_30d,
                    segment_aggregates.computed_at,
                    segment_aggregates.confidence,
                    segment_aggregates.n_samples,
                    public.st_lineinterpolatepoint(segment_aggregates.geometry, (0.5)::double precision) AS middle
                   FROM analytics.segment_aggregates
                  WHERE (segment_aggregates.geometry OPERATOR(public.&&) public.st_makeenvelope(('-75.20'::numeric)::double precision, (39.90)::double precision, ('-75.10'::numeric)::double precision, (40.00)::double precision, 4326))) m
        ), crossed AS (
         SELECT x_1.x,
            y_1.y,
            s.n_samples,
            s.n_eff,
            ((x_1.x = s.home_x) AND (y_1.y = s.home_y)) AS home
           FROM segment s,
            LATERAL generate_series(GREATEST(0, (floor(((public.st_xmin((s.geometry)::public.box3d) + (75.20)::double precision) / (0.0005)::double precision)))::integer), LEAST(199, (floor(((public.st_xmax((s.geometry)::public.box3d) + (75.20)::double precision) / (0.0005)::double precision)))::integer)) x_1(x),
            LATERAL generate_series(GREATEST(0, (floor(((public.st_ymin((s.geometry)::public.box3d) - (39.90)::double precision) / (0.0005)::double precision)))::integer), LEAST(199, (floor(((public.st_ymax((s.geometry)::public.box3d) - (39.90)::double precision) / (0.0005)::double precision)))::integer)) y_1(y)
          WHERE public.st_intersects(s.geometry, public.st_makeenvelope((('-75.20'::numeric + ((x_1.x)::numeric * 0.0005)))::double precision, ((39.90 + ((y_1.y)::numeric * 0.0005)))::double precision, (('-75.20'::numeric + (((x_1.x + 1))::numeric * 0.0005)))::double precision, ((39.90 + (((y_1.y + 1))::numeric * 0.0005)))::double precision, 4326))
        ), cell AS (
         SELECT crossed.x,
            crossed.y,
            count(*) AS segment_count,
            avg(LEAST(1.0, (crossed.n_eff / 10.0))) AS mean_confidence,
            sum(crossed.n_samples) FILTER (WHERE crossed.home) AS total_samples
           FROM crossed
          GROUP BY crossed.x, crossed.y
        )
 SELECT x.x,
    y.y,
    (('-75.20'::numeric + (((x.x)::numeric + 0.5) * 0.0005)))::double precision AS center_lng,
    ((39.90 + (((y.y)::numeric + 0.5) * 0.0005)))::double precision AS center_lat,
    round(COALESCE(cell.mean_confidence, (0)::numeric), 2) AS mean_confidence,
    COALESCE(cell.segment_count, (0)::bigint) AS segment_count,
    (COALESCE(cell.total_samples, (0)::numeric))::bigint AS total_samples,
    now() AS computed_at
   FROM ((generate_series(0, 199) x(x)
     CROSS JOIN generate_series(0, 199) y(y))
     LEFT JOIN cell USING (x, y))
  WITH NO DATA;


--
-- Name: coverage_grid_fresh(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.coverage_grid_fresh() RETURNS SETOF analytics.coverage_grid
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM analytics.refresh_view('coverage_grid', '1 hour');
  RETURN QUERY SELECT * FROM analytics.coverage_grid;
END $$;


--
-- Name: crossings_sql(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.crossings_sql(p_from timestamp with time zone, p_to timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT format($sql$
    SELECT COALESCE(sum(m180), 0) AS n, COALESCE(sum(m180 * g), 0) AS w, COALESCE(sum(m180 * g * v), 0) AS s,
           COALESCE(sum(m180 * g * v * v), 0) AS q, COALESCE(sum(m180 * (g::float8 * g::float8)::numeric), 0) AS w2,
           COALESCE(sum(m30), 0) AS n30, COALESCE(sum(m30 * v), 0) AS s30,
           COALESCE(sum(m60), 0) AS n60, COALESCE(sum(m60 * v), 0) AS s60
    FROM (
      SELECT value AS v, 0 AS g, 0 AS m180, -1 AS m30, 1 AS m60 FROM %s
      WHERE x.segment_id = c.segment_id AND t > GREATEST(c.advanced_at, $1) - interval '720 hours'
        AND t <= $2 - interval '720 hours'
      UNION ALL
      SELECT value, 0, 0, 0, -1 FROM %s
      WHERE x.segment_id = c.segment_id AND t >= GREATEST(c.advanced_at, $1) - interval '1440 hours'
        AND t < $2 - interval '1440 hours'
      UNION ALL
      SELECT value, analytics.forward_weight(t), -1, 0, 0 FROM %s
      WHERE x.segment_id = c.segment_id AND t > GREATEST(c.advanced_at, $1) - interval '4320 hours'
        AND t <= $2 - interval '4320 hours'
    ) crossing $sql$,
    analytics.sample_sql(p_from - interval '720 hours', p_to - interval '720 hours'),
    analytics.sample_sql(p_from - interval '1440 hours', p_to - interval '1440 hours'),
    analytics.sample_sql(p_from - interval '4320 hours', p_to - interval '4320 hours'))
$_$;


--
-- Name: delete_alone(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.delete_alone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM diary.task WHERE name = 'delete' FOR UPDATE;
  RETURN NULL;
END $$;


--
-- Name: dropped_months(text); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.dropped_months(p_parent text) RETURNS date[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT COALESCE(array_agg(month), '{}') FROM diary.partition
  WHERE parent = p_parent AND detached_at IS NOT NULL AND to_regclass(format('diary.%I', child)) IS NULL
$$;


--
-- Name: fold(character varying[], numeric[], timestamp with time zone[], integer[], boolean); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.fold(p_segments character varying[], p_values numeric[], p_times timestamp with time zone[], p_signs integer[], p_tagged boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
  UPDATE analytics.segment_state st
  SET n = st.n + d.n, n30 = st.n30 + d.n30, n60 = st.n60 + d.n60,
      -- Exact already; but a sample removed after an upgrade of the maths library may differ in its last digit.
      w = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w + d.w END,
      s = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.s + d.s END,
      q = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.q + d.q END,
      w2 = CASE WHEN st.n + d.n = 0 THEN 0 ELSE st.w2 + d.w2 END,
      s30 = st.s30 + d.s30, s60 = st.s60 + d.s60,
      top_tags = CASE WHEN p_tagged THEN
        ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = st.segment_id
              ORDER BY n DESC, tag COLLATE "C" LIMIT 5) ELSE st.top_tags END,
      next_event_at = LEAST(st.next_event_at, d.next_event_at), changed_at = clock_timestamp()
  FROM (
    SELECT segment_id, sum(m180) AS n, sum(m180 * g) AS w, sum(m180 * g * v) AS s, sum(m180 * g * v * v) AS q,
           sum(m180 * (g::float8 * g::float8)::numeric) AS w2,
           sum(m30) AS n30, sum(m30 * v) AS s30, sum(m60) AS n60, sum(m60 * v) AS s60,
           min(event_at) AS next_event_at
    FROM (
      SELECT c.segment_id, x.v, analytics.forward_weight(x.t) AS g,
             x.sign * (x.t > c.advanced_at - interval '4320 hours')::int AS m180,
             x.sign * (x.t > c.advanced_at - interval '720 hours')::int AS m30,
             x.sign * (x.t BETWEEN c.advanced_at - interval '1440 hours'
                               AND c.advanced_at - interval '720 hours')::int AS m60,
             CASE WHEN x.sign > 0 THEN analytics.next_event(x.t, c.advanced_at) END AS event_at
      FROM unnest(p_segments, p_values, p_times, p_signs) AS x(segment_id, v, t, sign)
      JOIN analytics.segment_state c ON c.segment_id = x.segment_id
      OFFSET 0   -- a fence: without it each weight is computed once per sum that it stands in
    ) membership
    GROUP BY segment_id
  ) d
  WHERE st.segment_id = d.segment_id;
  UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id() WHERE segment_id = ANY (p_segments);
END $$;


--
-- Name: fold_tags(character varying[], text[], timestamp with time zone[], integer[]); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.fold_tags(p_segments character varying[], p_tags text[], p_times timestamp with time zone[], p_signs integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
  IF p_segments IS NULL THEN RETURN; END IF;
  IF 1 = ALL (p_signs) THEN   -- as nearly always: nothing goes, nothing becomes fewer
    INSERT INTO analytics.segment_tag AS g (segment_id, tag, n)
    SELECT c.segment_id, x.tag, count(*)
    FROM unnest(p_segments, p_tags, p_times) AS x(segment_id, tag, t)
    JOIN analytics.segment_state c ON c.segment_id = x.segment_id
    WHERE x.t > c.advanced_at - interval '4320 hours'
    GROUP BY c.segment_id, x.tag
    ON CONFLICT (segment_id, tag) DO UPDATE SET n = g.n + EXCLUDED.n;
    RETURN;
  END IF;
  WITH d AS MATERIALIZED (
    SELECT c.segment_id, x.tag, sum(x.sign) AS n
    FROM unnest(p_segments, p_tags, p_times, p_signs) AS x(segment_id, tag, t, sign)
    JOIN analytics.segment_state c ON c.segment_id = x.segment_id
    WHERE x.t > c.advanced_at - interval '4320 hours'
    GROUP BY c.segment_id, x.tag HAVING sum(x.sign) <> 0
  ), gone AS (
    DELETE FROM analytics.segment_tag g USING d
    WHERE g.segment_id = d.segment_id AND g.tag = d.tag AND g.n + d.n <= 0
  ), fewer AS (
    UPDATE analytics.segment_tag g SET n = g.n + d.n FROM d
    WHERE d.n < 0 AND g.segment_id = d.segment_id AND g.tag = d.tag AND g.n + d.n > 0
  )
  INSERT INTO analytics.segment_tag AS g (segment_id, tag, n)
  SELECT segment_id, tag, n FROM d WHERE n > 0
  ON CONFLICT (segment_id, tag) DO UPDATE SET n = g.n + EXCLUDED.n;
END $$;


--
-- Name: forward_weight(timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.forward_weight(t timestamp with time zone) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT power(2.0::float8, date_part('epoch', t - timestamptz '2025-01-01 00:00+00') / 1814400.0)::numeric
$$;


--
-- Name: heal(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.heal() RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_count bigint;
  t record;
BEGIN
  FOR t IN SELECT g.tgrelid::regclass::text AS tab, g.tgname
           FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('diary', 'auth', 'analytics', 'audit') AND g.tgenabled <> 'O' AND NOT g.tgisinternal
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', t.tab, t.tgname);
    RETURN NEXT format('trigger %I of %s is enabled again', t.tgname, t.tab);
  END LOOP;
  FOR t IN SELECT * FROM analytics.sequence_state WHERE used > given LOOP
    PERFORM setval(t.sequence::regclass, t.used);
    RETURN NEXT format('sequence %s goes on behind %s', t.sequence, t.used);
  END LOOP;
  PERFORM diary.enter_epoch();
  PERFORM diary.align_partitions(true);
  FOR t IN SELECT * FROM diary.partition LOOP
    IF t.month = ANY (analytics.dropped_months(t.parent)) THEN
      CONTINUE;
    ELSIF to_regclass(format('diary.%I', t.child)) IS NULL THEN
      DELETE FROM diary.partition WHERE parent = t.parent AND month = t.month;
      RETURN NEXT format('diary.%s is gone, and its month forgotten', t.child);
    ELSIF t.detached_at IS NULL AND NOT EXISTS (
            SELECT FROM pg_inherits WHERE inhrelid = format('diary.%I', t.child)::regclass) THEN
      EXECUTE format('ALTER TABLE diary.%I INHERIT diary.%I', t.child, t.parent);
      RETURN NEXT format('diary.%s inherits from diary.%s again', t.child, t.parent);
    END IF;
  END LOOP;
  FOR t IN SELECT *, left(parent, -1) || '_id' AS key FROM diary.partition
           WHERE month <> ALL (analytics.dropped_months(parent))
  LOOP
    EXECUTE format('INSERT INTO diary.closed_%s AS c (id, month) SELECT %I, $1 FROM ONLY diary.%I '
                   'ON CONFLICT (id) DO UPDATE SET month = EXCLUDED.month WHERE c.month <> EXCLUDED.month',
                   t.parent, t.key, t.child) USING t.month;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN RETURN NEXT format('%s ids of diary.%s are known again', v_count, t.child); END IF;
  END LOOP;
  FOR t IN SELECT parent, left(parent, -1) || '_id' AS key,
                  string_agg(format('SELECT %I FROM ONLY diary.%I', left(parent, -1) || '_id', child), ' UNION ALL ') AS ids
           FROM diary.partition WHERE month <> ALL (analytics.dropped_months(parent)) GROUP BY parent
  LOOP
    EXECUTE format('DELETE FROM diary.closed_%s c WHERE month <> ALL ($1) '
                   'AND NOT EXISTS (SELECT FROM (%s) r WHERE r.%I = c.id)', t.parent, t.ids, t.key)
      USING analytics.dropped_months(t.parent);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN RETURN NEXT format('%s ids of no row are free again', v_count); END IF;
  END LOOP;
  v_count := diary.reopen_months();
  IF v_count > 0 THEN RETURN NEXT format('%s rows of months that are not over are open again', v_count); END IF;
  v_count := diary.close_months(1000000);
  IF v_count > 0 THEN RETURN NEXT format('%s rows of months that are over are closed', v_count); END IF;
END $_$;


--
-- Name: lock_in_order(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.lock_in_order() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
DECLARE
  v_segments varchar[] := '{}';
  v_users uuid[] := '{}';
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    IF OLD.user_id IS DISTINCT FROM (SELECT user_id FROM old_rows LIMIT 1) THEN RETURN NULL; END IF;   -- once, for all
    SELECT array_agg(user_id) INTO v_users FROM old_rows;
  ELSE
    IF OLD.segment_id IS DISTINCT FROM (SELECT segment_id FROM old_rows LIMIT 1) THEN RETURN NULL; END IF;
    SELECT array_agg(segment_id) INTO v_segments FROM old_rows;
  END IF;
  -- Others come by rows in whatever order their plans have. So none is held while another is waited for: all or nothing,
  -- a hundred times, and then as everybody does.
  FOR i IN 1..100 LOOP
    BEGIN
      PERFORM FROM diary.ratings WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments) FOR UPDATE NOWAIT;
      PERFORM FROM diary.votes WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments) FOR UPDATE NOWAIT;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN PERFORM pg_sleep(0.01);
    END;
  END LOOP;
  PERFORM FROM diary.ratings WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments)
  ORDER BY submitted_at DESC FOR UPDATE;
  PERFORM FROM diary.votes WHERE user_id = ANY (v_users) OR segment_id = ANY (v_segments)
  ORDER BY submitted_at DESC FOR UPDATE;
  SELECT v_segments || COALESCE(array_agg(segment_id), '{}') INTO v_segments
  FROM (SELECT segment_id FROM diary.ratings WHERE user_id = ANY (v_users)
        UNION SELECT segment_id FROM diary.votes WHERE user_id = ANY (v_users)) touched;
  PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
  RETURN NULL;
END $$;


--
-- Name: month_doubts(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.month_doubts() RETURNS TABLE(subject text, detail text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_rows bigint;
  v_unknown bigint;
  v_strange bigint;
  t record;
BEGIN
  FOR t IN SELECT *, left(parent, -1) || '_id' AS key FROM diary.partition ORDER BY child LOOP
    subject := 'diary.' || t.child;
    IF to_regclass(format('diary.%I', t.child)) IS NULL THEN
      -- A month that was let go may be dropped; its ids stay taken.
      IF t.detached_at IS NULL THEN
        detail := 'diary.partition has it, and there is no such table';
        RETURN NEXT;
      END IF;
      CONTINUE;
    END IF;
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE c.id IS NULL OR c.month <> $1), '
                   'count(*) FILTER (WHERE r.submitted_at < $1::timestamptz '
                   'OR r.submitted_at >= $1::timestamptz + interval ''1 month'') '
                   'FROM ONLY diary.%I r LEFT JOIN diary.closed_%s c ON c.id = r.%I', t.child, t.parent, t.key)
      INTO v_rows, v_unknown, v_strange USING t.month;
    IF v_unknown > 0 THEN
      detail := format('%s of %s rows have no id in diary.closed_%s, which could be given again', v_unknown, v_rows, t.parent);
      RETURN NEXT;
    END IF;
    IF v_strange > 0 THEN
      detail := format('%s of %s rows are of another month', v_strange, v_rows);
      RETURN NEXT;
    END IF;
    IF t.detached_at IS NULL AND t.month >= v_before AND v_rows > 0 THEN
      detail := format('%s rows of a month that is not over for three days: looks for duplicates pass them by', v_rows);
      RETURN NEXT;
    END IF;
    IF (t.detached_at IS NULL) IS DISTINCT FROM EXISTS (
         SELECT FROM pg_inherits WHERE inhrelid = format('diary.%I', t.child)::regclass
           AND inhparent = format('diary.%I', t.parent)::regclass) THEN
      detail := CASE WHEN t.detached_at IS NULL THEN format('does not inherit from diary.%s: its rows are not counted', t.parent)
                     ELSE format('was let go and still inherits from diary.%s', t.parent) END;
      RETURN NEXT;
    END IF;
  END LOOP;
  FOR t IN SELECT v.parent, format('closed_%s', v.parent) AS tab,
                  (SELECT count(*) FROM diary.closed_ratings
                   WHERE v.parent = 'ratings' AND month <> ALL (v.dropped)) +
                  (SELECT count(*) FROM diary.closed_votes
                   WHERE v.parent = 'votes' AND month <> ALL (v.dropped)) AS known
           FROM (SELECT parent, analytics.dropped_months(parent) AS dropped
                 FROM unnest(ARRAY['ratings', 'votes']) parent) v
  LOOP
    EXECUTE (SELECT 'SELECT ' || COALESCE(string_agg(format('(SELECT count(*) FROM ONLY diary.%I)', child), ' + '), '0')
             FROM diary.partition p
             WHERE p.parent = t.parent AND to_regclass(format('diary.%I', child)) IS NOT NULL) INTO v_rows;
    EXECUTE format('SELECT count(*) FROM ONLY diary.%I o JOIN diary.closed_%1$s c ON c.id = o.%I', t.parent,
                   left(t.parent, -1) || '_id') INTO v_unknown;
    IF v_unknown > 0 THEN
      subject := 'diary.' || t.parent;
      detail := format('%s rows have the id of a closed row', v_unknown);
      RETURN NEXT;
    END IF;
    IF t.known > v_rows THEN
      subject := 'diary.' || t.tab;
      detail := format('%s ids of no row: they are refused to whoever sends them', t.known - v_rows);
      RETURN NEXT;
    END IF;
  END LOOP;
END $_$;


--
-- Name: next_event(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.next_event(t timestamp with time zone, cursor_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN t + interval '720 hours' > cursor_at THEN t + interval '720 hours'
              WHEN t + interval '1440 hours' >= cursor_at THEN t + interval '1440 hours 0.000001 seconds'
              WHEN t + interval '4320 hours' > cursor_at THEN t + interval '4320 hours'
              ELSE 'infinity' END
$$;


--
-- Name: own_xid(xid8); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.own_xid(p_xid xid8) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_xid < pg_snapshot_xmax(pg_current_snapshot()) THEN p_xid::text::bigint ELSE 0 END
$$;


--
-- Name: ratings_changed(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.ratings_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
  v_segments varchar[];
  v_values numeric[];
  v_times timestamptz[];
  v_signs int[];
  v_first timestamptz;
  v_tagged boolean;
  v_twin record;
  -- diary.submit_ratings has locked the segments and looked for twins and closed ids itself.
  v_judged boolean := TG_OP = 'INSERT' AND current_setting('diary.rows_are_judged', true) = 'on';
BEGIN
  -- Into its month's table, or out of it again: nothing changes.
  IF (TG_OP = 'DELETE' OR current_setting('diary.reopening', true) = 'on') AND diary.moving() THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at),
           array_agg((status = 'accepted')::int), bool_or(tags <> '{}' AND status = 'accepted'), min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_tagged, v_first FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at), array_agg(-1), bool_or(tags <> '{}')
      INTO v_segments, v_values, v_times, v_signs, v_tagged FROM old_rows WHERE status = 'accepted';
  ELSE   -- a comment's edit, or a route's end (SET NULL), cancels out and takes no lock
    SELECT array_agg(segment_id), array_agg(rating), array_agg(submitted_at),
           array_agg(CASE WHEN status = 'accepted' THEN change ELSE 0 END), true, min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_tagged, v_first
    FROM (SELECT segment_id, rating, submitted_at, tags, status, user_id, sum(sign)::int AS change
          FROM (SELECT segment_id, rating, submitted_at, tags, status, user_id, 1 AS sign FROM new_rows
                UNION ALL
                SELECT segment_id, rating, submitted_at, tags, status, user_id, -1 FROM old_rows) both_sides
          GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0) changed;
  END IF;
  IF v_segments IS NULL THEN RETURN NULL; END IF;

  IF v_judged IS NOT TRUE THEN
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
  END IF;

  IF TG_OP <> 'DELETE' AND v_judged IS NOT TRUE THEN
    -- A month may have been closed since the row was let in: its ids once more.
    IF TG_OP = 'INSERT' AND current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM diary.hold_moves();
    END IF;
    SELECT * INTO v_twin FROM (
      SELECT n.user_id, n.segment_id, n.submitted_at, r.submitted_at AS other, NULL::uuid AS closed_id
      FROM new_rows n
      JOIN ONLY diary.ratings r ON r.user_id = n.user_id AND r.segment_id = n.segment_id
        AND r.submitted_at > n.submitted_at - interval '1 hour' AND r.submitted_at < n.submitted_at + interval '1 hour'
      WHERE r.rating_id <> n.rating_id AND r.status <> 'rejected' AND n.status <> 'rejected'
      UNION ALL
      SELECT NULL, NULL, NULL, NULL, n.rating_id
      FROM new_rows n JOIN diary.closed_ratings c ON c.id = n.rating_id WHERE TG_OP = 'INSERT'
    ) found LIMIT 1;
    -- Only a row older than this can have a twin in a closed month; there the UNIQUE constraint does not reach, either.
    IF NOT FOUND AND v_first < clock_timestamp() - interval '25 hours' THEN
      SELECT n.user_id, n.segment_id, n.submitted_at, r.submitted_at AS other, NULL::uuid AS closed_id INTO v_twin
      FROM new_rows n
      JOIN diary.ratings r ON r.user_id = n.user_id AND r.segment_id = n.segment_id
        AND r.submitted_at > n.submitted_at - interval '1 hour' AND r.submitted_at < n.submitted_at + interval '1 hour'
      WHERE r.rating_id <> n.rating_id
        AND (r.submitted_at = n.submitted_at OR r.status <> 'rejected' AND n.status <> 'rejected')
      LIMIT 1;
    END IF;
    IF v_twin.closed_id IS NOT NULL THEN
      PERFORM diary.refuse_id('ratings', 'rating_id', v_twin.closed_id);
    ELSIF v_twin.user_id IS NOT NULL THEN
      PERFORM analytics.refuse_duplicate('unique_rating_per_hour', v_twin.user_id, v_twin.segment_id,
                                         v_twin.submitted_at, v_twin.other, '1 hour');
    END IF;
  END IF;

  IF v_tagged AND TG_OP = 'INSERT' THEN
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(1))
    FROM new_rows, LATERAL (SELECT DISTINCT unnest(tags) AS tag) u WHERE status = 'accepted';
  ELSIF v_tagged AND TG_OP = 'DELETE' THEN
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(-1))
    FROM old_rows, LATERAL (SELECT DISTINCT unnest(tags) AS tag) u WHERE status = 'accepted';
  ELSIF v_tagged THEN
    -- Only what does not cancel out: the lock of a segment whose rows stay as they were was not taken.
    PERFORM analytics.fold_tags(array_agg(segment_id), array_agg(tag), array_agg(submitted_at), array_agg(change))
    FROM (SELECT segment_id, tag, submitted_at, sum(sign)::int AS change
          FROM (SELECT segment_id, tags, submitted_at, 1 AS sign FROM new_rows WHERE status = 'accepted'
                UNION ALL
                SELECT segment_id, tags, submitted_at, -1 FROM old_rows WHERE status = 'accepted') both_sides,
               LATERAL (SELECT DISTINCT unnest(tags) AS tag) u
          GROUP BY 1, 2, 3 HAVING sum(sign) <> 0) changed;
  END IF;
  PERFORM analytics.fold(v_segments, v_values, v_times, v_signs, v_tagged);
  RETURN NULL;
END $$;


--
-- Name: rebuild_segment_state(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.rebuild_segment_state() RETURNS TABLE(segment_id character varying, what text, stored text, counted text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
  LOCK TABLE diary.ratings, diary.votes IN SHARE ROW EXCLUSIVE MODE;
  LOCK TABLE analytics.segment_state IN SHARE ROW EXCLUSIVE MODE;   -- advance_windows too
  RETURN QUERY SELECT d.segment_id, d.what, d.stored, d.counted FROM analytics.drift d;

  INSERT INTO analytics.segment_state (segment_id) SELECT segment_id FROM diary.segments ON CONFLICT DO NOTHING;
  INSERT INTO analytics.segment_change (segment_id) SELECT segment_id FROM diary.segments ON CONFLICT DO NOTHING;
  UPDATE analytics.segment_state st
  SET n = r.n, w = r.w, s = r.s, q = r.q, w2 = r.w2, n30 = r.n30, s30 = r.s30, n60 = r.n60, s60 = r.s60,
      next_event_at = r.next_event_at, advanced_at = r.advanced_at, changed_at = clock_timestamp()
  FROM analytics.segment_recount r
  WHERE st.segment_id = r.segment_id
    AND (st.n, st.w, st.s, st.q, st.w2, st.n30, st.s30, st.n60, st.s60, st.next_event_at, st.advanced_at)
        IS DISTINCT FROM (r.n, r.w, r.s, r.q, r.w2, r.n30, r.s30, r.n60, r.s60, r.next_event_at, r.advanced_at);
  DELETE FROM analytics.segment_tag g
  WHERE NOT EXISTS (SELECT FROM analytics.tag_recount r WHERE r.segment_id = g.segment_id AND r.tag = g.tag);
  INSERT INTO analytics.segment_tag AS g (segment_id, tag, n) SELECT segment_id, tag, n FROM analytics.tag_recount
  ON CONFLICT (segment_id, tag) DO UPDATE SET n = EXCLUDED.n WHERE g.n <> EXCLUDED.n;
  UPDATE analytics.segment_state st SET top_tags = five.tags
  FROM (SELECT segment_id, ARRAY(SELECT tag FROM analytics.segment_tag g WHERE g.segment_id = c.segment_id
                                 ORDER BY n DESC, tag COLLATE "C" LIMIT 5) AS tags
        FROM analytics.segment_state c) five
  WHERE st.segment_id = five.segment_id AND st.top_tags <> five.tags;
  UPDATE analytics.segment_change c
  SET changed_xid = pg_current_xact_id(), street_xid = pg_current_xact_id(),
      is_deleted = NOT EXISTS (SELECT FROM diary.segments s WHERE s.segment_id = c.segment_id);
END $$;


--
-- Name: record_scores(timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.record_scores(p_at timestamp with time zone DEFAULT date_trunc('day'::text, now(), 'UTC'::text)) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  v_rows bigint;
BEGIN
  IF p_at IS NULL OR p_at > now() THEN
    RAISE EXCEPTION 'p_at must not lie ahead' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO analytics.score_history (segment_id, at, decayed_mean, n_eff)
  SELECT segment_id, p_at, round(decayed_mean, 2), round(n_eff, 2)
  FROM analytics.segment_live(p_at) WHERE n_samples > 0
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_rows;
END $$;


--
-- Name: refresh_view(text, interval); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.refresh_view(p_view text, p_max_age interval DEFAULT '00:00:00'::interval) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  v_start timestamptz := clock_timestamp();
BEGIN
  IF p_view NOT IN ('segment_aggregates', 'trend_daily', 'coverage_grid') THEN
    RAISE EXCEPTION 'unknown view "%"', p_view USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF p_view = 'coverage_grid' THEN   -- is made from the other, whose lock everybody takes first
    PERFORM analytics.refresh_view('segment_aggregates', GREATEST(p_max_age, interval '1 hour'));
  END IF;
  PERFORM FROM diary.task WHERE name = 'refresh ' || p_view FOR UPDATE;
  -- A report of a time to come is one of a clock that had run ahead.
  IF (SELECT computed_at <= v_start AND v_start - computed_at < p_max_age
      FROM analytics.refresh_log WHERE view_name = p_view) THEN
    RETURN false;
  END IF;
  -- One that a dump without data brought along has to be filled first.
  EXECUTE format('REFRESH MATERIALIZED VIEW %s analytics.%I',
                 (SELECT CASE WHEN relispopulated THEN 'CONCURRENTLY' END FROM pg_class
                  WHERE oid = format('analytics.%I', p_view)::regclass), p_view);
  INSERT INTO analytics.refresh_log VALUES (p_view, v_start, clock_timestamp() - v_start)
  ON CONFLICT (view_name) DO UPDATE SET computed_at = EXCLUDED.computed_at, took = EXCLUDED.took;
  RETURN true;
END $$;


--
-- Name: refuse_duplicate(text, uuid, character varying, timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.refuse_duplicate(p_constraint text, p_user uuid, p_segment character varying, p_at timestamp with time zone, p_other timestamp with time zone, p_span text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION 'duplicate key value violates unique constraint "%"', p_constraint
    USING ERRCODE = 'unique_violation', CONSTRAINT = p_constraint,
          DETAIL = format('User %s has segment %s at %s already, less than %s from %s.',
                          p_user, p_segment, p_other, p_span, p_at);
END $$;


--
-- Name: route_members(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.route_members() RETURNS TABLE(route_id uuid, route_name character varying, segment_id character varying)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET row_security TO 'on'
    AS $$
BEGIN
  PERFORM set_config('diary.reporting', 'on', true);   -- a SET clause for a name of our own needs a superuser
  RETURN QUERY SELECT DISTINCT r.route_id, r.route_name, m.segment_id
  FROM diary.routes r JOIN diary.route_segments m ON m.route_id = r.route_id AND NOT m.is_alt;
  PERFORM set_config('diary.reporting', '', true);
END $$;


--
-- Name: sample_sql(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.sample_sql(p_from timestamp with time zone, p_to timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
  SELECT '(' || string_agg(format(CASE parent
    WHEN 'ratings' THEN 'SELECT segment_id, rating::numeric AS value, submitted_at AS t, tags FROM ONLY %s '
                        'WHERE status = ''accepted'''
    ELSE 'SELECT segment_id, implicit_rating, submitted_at, ''{}''::text[] FROM ONLY %s' END, rel),
    ' UNION ALL ' ORDER BY parent, rel) || ') x'
  FROM (VALUES ('ratings', 'diary.ratings'), ('votes', 'diary.votes')
        UNION ALL
        SELECT parent, format('diary.%I', child) FROM diary.partition
        WHERE detached_at IS NULL AND month <= LEAST(p_to, now() - interval '72 hours')
          AND month + interval '1 month' > p_from AND to_regclass(format('diary.%I', child)) IS NOT NULL) v(parent, rel)
$$;


--
-- Name: samples_truncated(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.samples_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM analytics.rebuild_segment_state();
  RETURN NULL;
END $$;


--
-- Name: schedule_reports(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.schedule_reports() RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_view text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    RAISE NOTICE 'pg_cron is not installed in this database; the server refreshes the reports itself';
    RETURN false;
  END IF;
  FOREACH v_view IN ARRAY ARRAY['segment_aggregates', 'trend_daily', 'coverage_grid'] LOOP
    EXECUTE 'SELECT cron.schedule($1, $2, $3)'   -- replaces the job of that name
      USING 'refresh_' || v_view, '0 2 * * *', format('SELECT analytics.refresh_view(%L, ''1 hour'')', v_view);
  END LOOP;
  RETURN true;
END $_$;


--
-- Name: segment_live(timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.segment_live(p_at timestamp with time zone) RETURNS TABLE(segment_id character varying, decayed_mean numeric, n_eff numeric, confidence numeric, top_tags text[], delta_30d numeric, n_samples bigint, n_30d bigint, n_60d bigint)
    LANGUAGE sql STABLE
    AS $$
  SELECT g.segment_id,
         round((15 + COALESCE(a.s, 0)) / (5 + COALESCE(a.w, 0)), 15),
         round(COALESCE(a.w, 0), 15),
         round(LEAST(1.0, round(COALESCE(a.w, 0), 2) / 10.0), 2),
         COALESCE((SELECT (array_agg(tag ORDER BY uses DESC, tag COLLATE "C"))[1:5]
                   FROM (SELECT tag, count(*) AS uses
                         FROM analytics.sample x, LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u
                         WHERE x.segment_id = g.segment_id
                           AND x.t > (p_at AT TIME ZONE 'UTC' - interval '4320 hours') AT TIME ZONE 'UTC'
                           AND x.t <= (p_at AT TIME ZONE 'UTC' + interval '5 minutes') AT TIME ZONE 'UTC'
                           AND CASE WHEN x.t < x.received_at - interval '25 hours' THEN x.t ELSE x.received_at END <= p_at
                         GROUP BY tag) counted), '{}'),
         COALESCE(a.s30 / NULLIF(a.n30, 0), 3.0) - COALESCE(a.s60 / NULLIF(a.n60, 0), 3.0),
         COALESCE(a.n, 0), COALESCE(a.n30, 0), COALESCE(a.n60, 0)
  FROM diary.segments g
  LEFT JOIN LATERAL (
    SELECT count(*) AS n, sum(weight) AS w, sum(weight * value) AS s,
           count(*) FILTER (WHERE t > p_at - interval '720 hours') AS n30,
           sum(value) FILTER (WHERE t > p_at - interval '720 hours') AS s30,
           count(*) FILTER (WHERE t BETWEEN p_at - interval '1440 hours' AND p_at - interval '720 hours') AS n60,
           sum(value) FILTER (WHERE t BETWEEN p_at - interval '1440 hours' AND p_at - interval '720 hours') AS s60
    FROM (SELECT x.value, x.t, power(2.0::float8, -date_part('epoch', p_at - x.t) / 1814400.0)::numeric AS weight
          FROM analytics.sample x
          WHERE x.segment_id = g.segment_id
            AND x.t > (p_at AT TIME ZONE 'UTC' - interval '4320 hours') AT TIME ZONE 'UTC'
            AND x.t <= (p_at AT TIME ZONE 'UTC' + interval '5 minutes') AT TIME ZONE 'UTC'
            AND CASE WHEN x.t < x.received_at - interval '25 hours' THEN x.t ELSE x.received_at END <= p_at) known
  ) a ON true
$$;


--
-- Name: segments_changed(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.segments_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_changed varchar[];
  v_gone varchar[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO analytics.segment_state (segment_id) SELECT segment_id FROM new_rows;
    -- Notices of deleted segments stay: where there is none at all, no key can be taken, and ON CONFLICT would look each
    -- up twice for nothing. Nobody else can be inserting the same segment: the key of diary.segments makes them wait.
    IF EXISTS (SELECT FROM analytics.segment_change) THEN
      INSERT INTO analytics.segment_change AS c (segment_id) SELECT segment_id FROM new_rows
      ON CONFLICT (segment_id) DO UPDATE
      SET changed_xid = EXCLUDED.changed_xid, street_xid = EXCLUDED.street_xid, is_deleted = false;
    ELSE
      INSERT INTO analytics.segment_change (segment_id) SELECT segment_id FROM new_rows;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    -- sync_segments writes nothing else than the columns that follow; comparing all rows again cost it a third.
    IF current_setting('diary.syncing', true) = 'on' THEN RETURN NULL; END IF;
    SELECT array_agg(segment_id) INTO v_gone
    FROM old_rows o WHERE NOT EXISTS (SELECT FROM new_rows n WHERE n.segment_id = o.segment_id);
    IF v_gone IS NOT NULL THEN   -- other ids: one street goes, another comes; its state has come along
      UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), is_deleted = true
      WHERE segment_id = ANY (v_gone);
      INSERT INTO analytics.segment_change AS c (segment_id)
      SELECT segment_id FROM new_rows n WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.segment_id = n.segment_id)
      ON CONFLICT (segment_id) DO UPDATE
      SET changed_xid = EXCLUDED.changed_xid, street_xid = EXCLUDED.street_xid, is_deleted = false;
    END IF;
    SELECT array_agg(n.segment_id) INTO v_changed
    FROM new_rows n JOIN old_rows o USING (segment_id)
    WHERE (n.street, n.neighborhood, n.length_m, n.source_node, n.target_node, n.access)
          IS DISTINCT FROM (o.street, o.neighborhood, o.length_m, o.source_node, o.target_node, o.access)
       OR NOT n.geometry OPERATOR(public.=) o.geometry;   -- coordinate by coordinate
    IF v_changed IS NULL THEN RETURN NULL; END IF;
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_changed) ORDER BY segment_id FOR NO KEY UPDATE;
    UPDATE analytics.segment_state SET changed_at = clock_timestamp() WHERE segment_id = ANY (v_changed);
    UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), street_xid = pg_current_xact_id()
    WHERE segment_id = ANY (v_changed);
  ELSIF TG_OP = 'TRUNCATE' THEN
    UPDATE analytics.segment_change SET changed_xid = pg_current_xact_id(), is_deleted = true WHERE NOT is_deleted;
  ELSE
    UPDATE analytics.segment_change c SET changed_xid = pg_current_xact_id(), is_deleted = true
    FROM old_rows o WHERE c.segment_id = o.segment_id;
  END IF;
  RETURN NULL;
END $$;


--
-- Name: sync_segments(pg_snapshot); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.sync_segments(p_since pg_snapshot DEFAULT NULL::pg_snapshot) RETURNS pg_snapshot
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_next pg_snapshot;
  v_changed varchar[];
BEGIN
  IF p_since IS NULL THEN
    v_next := pg_current_snapshot();
    SELECT array_agg(segment_id) INTO v_changed FROM analytics.segment_state;
  ELSE   -- one statement, one snapshot: nothing can commit between the cursor and the list
    -- What p_since did not see: numbers given since, and those that were under way. Not by its xmin, which a session
    -- that stays open anywhere in the cluster holds back. A number that is yet to be given is another epoch's.
    SELECT pg_current_snapshot(),
           (SELECT array_agg(segment_id) FROM analytics.segment_change
            WHERE (changed_xid >= pg_snapshot_xmax(p_since)
                   OR changed_xid = ANY (ARRAY(SELECT pg_snapshot_xip(p_since))))
              AND (changed_xid < pg_snapshot_xmax(pg_current_snapshot())
                   OR changed_xid = pg_current_xact_id_if_assigned()))
      INTO v_next, v_changed;
  END IF;
  IF v_changed IS NULL THEN RETURN v_next; END IF;
  PERFORM FROM diary.task WHERE name = 'sync' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM set_config('diary.syncing', 'on', true);
  UPDATE diary.segments g
  SET decayed_mean = l.decayed_mean, n_eff = l.n_eff, top_tags = l.top_tags, delta_30d = l.delta_30d
  FROM (SELECT segment_id, round(decayed_mean, 2) AS decayed_mean, LEAST(round(n_eff, 2), 999999.99) AS n_eff,
               top_tags, round(delta_30d, 2) AS delta_30d, changed_at
        FROM analytics.segment_live WHERE segment_id = ANY (v_changed)) l
  WHERE g.segment_id = l.segment_id
    AND (g.decayed_mean, g.n_eff, g.top_tags, g.delta_30d)
        IS DISTINCT FROM (l.decayed_mean, l.n_eff, l.top_tags, l.delta_30d)
    AND (p_since IS NOT NULL OR l.changed_at > g.updated_at OR g.n_eff < 10
         OR (g.decayed_mean, g.top_tags, g.delta_30d) IS DISTINCT FROM (l.decayed_mean, l.top_tags, l.delta_30d)
         OR abs(l.n_eff - g.n_eff) >= 0.01 * g.n_eff OR l.n_eff < 10);
  PERFORM set_config('diary.syncing', '', true);
  RETURN v_next;
END $$;


--
-- Name: tags_at(character varying, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.tags_at(p_segment character varying, p_at timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $_$
DECLARE
  v_tags text[];
BEGIN
  EXECUTE format('SELECT ARRAY(SELECT tag FROM %s, LATERAL (SELECT DISTINCT unnest(x.tags) AS tag) u '
                 'WHERE x.segment_id = $1 AND x.t > $2 - interval ''4320 hours'' '
                 'GROUP BY tag ORDER BY count(*) DESC, tag COLLATE "C" LIMIT 5)',
                 analytics.sample_sql(p_at - interval '4320 hours', 'infinity')) INTO v_tags USING p_segment, p_at;
  RETURN v_tags;
END $_$;


--
-- Name: true_cursor(timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.true_cursor(p_advanced_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql
    AS $$
  SELECT CASE WHEN p_advanced_at > clock_timestamp() + interval '1 minute' THEN clock_timestamp() ELSE p_advanced_at END
$$;


--
-- Name: unschedule_reports(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.unschedule_reports() RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    RAISE NOTICE 'pg_cron is not installed in this database';
    RETURN false;
  END IF;
  EXECUTE $jobs$
    SELECT cron.unschedule(jobid) FROM cron.job
    WHERE jobname IN ('refresh_segment_aggregates', 'refresh_trend_daily', 'refresh_coverage_grid')
      AND username = current_user AND database = current_database()
  $jobs$;
  RETURN true;
END $_$;


--
-- Name: use_timescale(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.use_timescale() RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    RAISE NOTICE 'TimescaleDB is not available here; analytics.score_history stays a table';
    RETURN false;
  END IF;
  CREATE EXTENSION IF NOT EXISTS timescaledb;
  EXECUTE $hyper$
    SELECT create_hypertable('analytics.score_history', 'at', chunk_time_interval => interval '30 days',
                             migrate_data => true, if_not_exists => true)
  $hyper$;
  RETURN true;
END $_$;


--
-- Name: votes_changed(); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.votes_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
  v_segments varchar[];
  v_values numeric[];
  v_times timestamptz[];
  v_signs int[];
  v_first timestamptz;
  v_twin record;
BEGIN
  IF (TG_OP = 'DELETE' OR current_setting('diary.reopening', true) = 'on') AND diary.moving() THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(1), min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_first FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(-1)
      INTO v_segments, v_values, v_times, v_signs FROM old_rows;
  ELSE
    SELECT array_agg(segment_id), array_agg(implicit_rating), array_agg(submitted_at), array_agg(change),
           min(submitted_at)
      INTO v_segments, v_values, v_times, v_signs, v_first
    FROM (SELECT segment_id, implicit_rating, submitted_at, user_id, action, sum(sign)::int AS change
          FROM (SELECT segment_id, implicit_rating, submitted_at, user_id, action, 1 AS sign FROM new_rows
                UNION ALL
                SELECT segment_id, implicit_rating, submitted_at, user_id, action, -1 FROM old_rows) both_sides
          GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0) changed;
  END IF;
  IF v_segments IS NULL THEN RETURN NULL; END IF;

  PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;

  IF TG_OP <> 'DELETE' THEN
    IF TG_OP = 'INSERT' AND current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM diary.hold_moves();
    END IF;
    SELECT * INTO v_twin FROM (
      SELECT n.user_id, n.segment_id, n.submitted_at, v.submitted_at AS other, NULL::uuid AS closed_id
      FROM new_rows n
      JOIN ONLY diary.votes v ON v.user_id = n.user_id AND v.segment_id = n.segment_id AND v.action = n.action
        AND v.submitted_at > n.submitted_at - interval '24 hours'
        AND v.submitted_at < n.submitted_at + interval '24 hours'
      WHERE v.vote_id <> n.vote_id
      UNION ALL
      SELECT NULL, NULL, NULL, NULL, n.vote_id
      FROM new_rows n JOIN diary.closed_votes c ON c.id = n.vote_id WHERE TG_OP = 'INSERT'
    ) found LIMIT 1;
    IF NOT FOUND AND v_first < clock_timestamp() - interval '25 hours' THEN
      SELECT n.user_id, n.segment_id, n.submitted_at, v.submitted_at AS other, NULL::uuid AS closed_id INTO v_twin
      FROM new_rows n
      JOIN diary.votes v ON v.user_id = n.user_id AND v.segment_id = n.segment_id AND v.action = n.action
        AND v.submitted_at > n.submitted_at - interval '24 hours'
        AND v.submitted_at < n.submitted_at + interval '24 hours'
      WHERE v.vote_id <> n.vote_id
      LIMIT 1;
    END IF;
    IF v_twin.closed_id IS NOT NULL THEN
      PERFORM diary.refuse_id('votes', 'vote_id', v_twin.closed_id);
    ELSIF v_twin.user_id IS NOT NULL THEN
      PERFORM analytics.refuse_duplicate('unique_vote_per_day', v_twin.user_id, v_twin.segment_id,
                                         v_twin.submitted_at, v_twin.other, '24 hours');
    END IF;
  END IF;
  PERFORM analytics.fold(v_segments, v_values, v_times, v_signs, false);
  RETURN NULL;
END $$;


--
-- Name: window_shift(character varying, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: analytics; Owner: -
--

CREATE FUNCTION analytics.window_shift(p_segment character varying, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS TABLE(n bigint, w numeric, s numeric, q numeric, w2 numeric, n30 bigint, s30 numeric, n60 bigint, s60 numeric)
    LANGUAGE plpgsql STABLE ROWS 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $_$
BEGIN
  RETURN QUERY EXECUTE 'SELECT d.* FROM (SELECT $3 AS segment_id, $1 AS advanced_at) c CROSS JOIN LATERAL ('
                       || analytics.crossings_sql(p_from, p_to) || ') d' USING p_from, p_to, p_segment;
END $_$;


--
-- Name: audit_trigger(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.audit_trigger() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
  v_table text := COALESCE(TG_ARGV[1], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
  v_key text := TG_ARGV[0];
  v_actor uuid;
  -- A batch of submissions acts for many users at once: diary.submit_ratings and submit_votes say so, and each row
  -- is then its user's own doing.
  v_own boolean := current_setting('diary.rows_are_own', true) = 'on';
BEGIN
  IF current_setting('diary.reopening', true) = 'on' AND diary.moving() THEN RETURN NULL; END IF;
  IF COALESCE(current_setting('diary.epoch_is_known', true), '') = '' THEN PERFORM diary.be_in_epoch(); END IF;
  IF v_own IS NOT TRUE THEN v_actor := auth.current_user_id(); END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, new_data)
    SELECT v_table, TG_OP, n.user_id, CASE WHEN v_own THEN n.user_id ELSE v_actor END,
           CASE WHEN v_table = 'auth.users' THEN to_jsonb(n) - 'password_hash' ELSE to_jsonb(n) END
    FROM new_rows n;   -- every audited table has a user_id
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, old_data, new_data)
    SELECT v_table, TG_OP, (COALESCE(n.j, o.j) ->> 'user_id')::uuid, v_actor, o.j, n.j
    FROM (SELECT to_jsonb(o) - 'password_hash' AS j FROM old_rows o) o
    FULL JOIN (SELECT to_jsonb(n) - 'password_hash' AS j FROM new_rows n) n ON o.j -> v_key = n.j -> v_key;
  ELSIF TG_OP = 'DELETE' THEN
    IF diary.moving() THEN RETURN NULL; END IF;   -- a month is being closed: nothing changes
    INSERT INTO audit.log (table_name, operation, user_id, actor_id, old_data)
    SELECT v_table, TG_OP, (old_data ->> 'user_id')::uuid, v_actor, old_data
    FROM (SELECT to_jsonb(o) - 'password_hash' AS old_data FROM old_rows o) d;
  ELSE
    INSERT INTO audit.log (table_name, operation, actor_id) VALUES (v_table, TG_OP, v_actor);
  END IF;
  RETURN NULL;
END $$;


--
-- Name: broken_batches(bigint, bytea); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.broken_batches(p_batch_id bigint DEFAULT NULL::bigint, p_hash bytea DEFAULT NULL::bytea) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH sealed AS (   -- with the ids of its epoch's rows
    SELECT b.*, r.first, r.next FROM audit.batch b JOIN diary.epoch_rows r USING (epoch)
  ), chained AS (
    SELECT *, lag(hash, 1, '\x'::bytea) OVER w AS expected_previous,
           CASE WHEN lag(epoch) OVER w = epoch THEN lag(upto_txid) OVER w ELSE '0'::xid8 END AS expected_from,
           lag(epoch, 1, epoch) OVER w AS former, lead(epoch, 1, epoch) OVER w AS following,
           lag(let_go_at IS NOT NULL, 1, true) OVER w AS former_is_gone
    FROM sealed WINDOW w AS (ORDER BY batch_id)
  )
  SELECT batch_id FROM chained
  WHERE previous_hash <> expected_previous
     OR from_txid <> expected_from
     OR epoch < former
     OR CASE WHEN let_go_at IS NOT NULL THEN audit.count_rows(epoch, from_txid, upto_txid) > 0
             ELSE hash <> audit.rows_hash(previous_hash, epoch, from_txid, upto_txid)
               OR row_count <> audit.count_rows(epoch, from_txid, upto_txid) END
     -- Rows are let go of from the beginning on, and not before a month.
     OR let_go_at IS NOT NULL AND (NOT former_is_gone OR let_go_at < sealed_at + interval '1 month')
     -- An epoch that was left has no rows behind its last batch.
     OR following <> epoch AND EXISTS (SELECT FROM audit.log l
                                       WHERE l.log_id >= first AND l.log_id < next AND l.txid >= upto_txid)
  UNION
  SELECT b.batch_id
  FROM audit.log l
  JOIN sealed b ON l.log_id >= b.first AND l.log_id < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid
  WHERE l.table_name = 'audit.log' AND l.new_data ->> 'digest' IS DISTINCT FROM audit.erased_digest(l.user_id)
  UNION
  SELECT b.batch_id
  FROM audit.erased e
  JOIN audit.log l USING (log_id)
  JOIN sealed b ON l.log_id >= b.first AND l.log_id < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid
  WHERE NOT EXISTS (SELECT FROM audit.log r WHERE r.table_name = 'audit.log' AND r.user_id = l.user_id)
  UNION
  SELECT p_batch_id
  WHERE p_batch_id IS NOT NULL AND NOT EXISTS (SELECT FROM audit.batch WHERE batch_id = p_batch_id AND hash = p_hash)
  ORDER BY 1
$$;


--
-- Name: count_rows(integer, xid8, xid8); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.count_rows(p_epoch integer, p_from xid8, p_upto xid8) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT count(*)
  FROM diary.epoch_rows r
  JOIN audit.log l ON l.log_id + 0 >= r.first AND l.log_id + 0 < r.next AND l.txid >= p_from AND l.txid < p_upto
  WHERE r.epoch = p_epoch
$$;


--
-- Name: erase(uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.erase(p_user uuid) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM diary.be_in_epoch();
  WITH full_row AS MATERIALIZED (
    SELECT log_id, sha256(convert_to(l::text, 'UTF8')) AS row_hash FROM audit.log l
    WHERE user_id = p_user AND table_name <> 'audit.log' AND (old_data IS NOT NULL OR new_data IS NOT NULL)
  ), kept AS (
    INSERT INTO audit.erased (log_id, row_hash) SELECT log_id, row_hash FROM full_row
  )
  UPDATE audit.log l SET old_data = NULL, new_data = NULL FROM full_row f WHERE l.log_id = f.log_id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  INSERT INTO audit.log (table_name, operation, user_id, actor_id, new_data)
  VALUES ('audit.log', 'UPDATE', p_user, auth.current_user_id(),
          jsonb_build_object('erased', v_count, 'digest', audit.erased_digest(p_user)));
  RETURN v_count;
END $$;


--
-- Name: erased_digest(uuid); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.erased_digest(p_user uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
  SELECT encode(sha256(COALESCE(string_agg(sha256(convert_to(l::text, 'UTF8')), ''::bytea ORDER BY l.log_id), '')), 'hex')
  FROM audit.log l JOIN audit.erased e USING (log_id) WHERE l.user_id = p_user
$$;


--
-- Name: head(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.head() RETURNS TABLE(batch_id bigint, hash bytea, sealed_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT batch_id, hash, sealed_at FROM audit.batch ORDER BY batch_id DESC LIMIT 1
$$;


--
-- Name: let_go(interval, integer); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.let_go(p_keep interval, p_limit integer DEFAULT 20000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_count bigint;
  v_all bigint := 0;
  b record;
BEGIN
  IF p_keep < interval '1 month' OR p_keep IS NULL THEN
    RAISE EXCEPTION 'the audit log is kept for at least a month, not %', p_keep USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR b IN SELECT a.*, r.first, r.next FROM audit.batch a JOIN diary.epoch_rows r USING (epoch)
           WHERE let_go_at IS NULL AND sealed_at < now() - p_keep ORDER BY batch_id
  LOOP
    EXIT WHEN v_all >= p_limit;
    PERFORM FROM diary.task WHERE name = 'seal' FOR UPDATE;
    DELETE FROM audit.erased e USING audit.log l
    WHERE e.log_id = l.log_id AND l.log_id + 0 >= b.first AND l.log_id + 0 < b.next
      AND l.txid >= b.from_txid AND l.txid < b.upto_txid;
    DELETE FROM audit.log l
    WHERE l.log_id + 0 >= b.first AND l.log_id + 0 < b.next AND l.txid >= b.from_txid AND l.txid < b.upto_txid;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    UPDATE audit.batch SET let_go_at = clock_timestamp() WHERE batch_id = b.batch_id;
    v_all := v_all + v_count;
  END LOOP;
  RETURN v_all;
END $$;


--
-- Name: rows_hash(bytea, integer, xid8, xid8); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.rows_hash(p_previous bytea, p_epoch integer, p_from xid8, p_upto xid8) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
  SELECT sha256(p_previous || COALESCE(string_agg(COALESCE(e.row_hash, sha256(convert_to(l::text, 'UTF8'))), ''::bytea
                                                  ORDER BY l.log_id), ''))
  FROM diary.epoch_rows r
  -- + 0: by the index on txid, which finds a batch's rows; nearly all ids are of the epoch.
  JOIN audit.log l ON l.log_id + 0 >= r.first AND l.log_id + 0 < r.next AND l.txid >= p_from AND l.txid < p_upto
  LEFT JOIN audit.erased e ON e.log_id = l.log_id AND l.old_data IS NULL AND l.new_data IS NULL
  WHERE r.epoch = p_epoch
$$;


--
-- Name: seal(); Type: FUNCTION; Schema: audit; Owner: -
--

CREATE FUNCTION audit.seal() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_now int := diary.enter_epoch();
  v_epoch int;
  v_from xid8;
  v_upto xid8;
  v_previous bytea;
  v_rows bigint;
  v_all bigint := 0;
BEGIN
  SELECT epoch, upto_txid INTO v_epoch, v_from FROM audit.batch ORDER BY batch_id DESC LIMIT 1;
  IF NOT EXISTS (SELECT FROM audit.log WHERE txid >= COALESCE(v_from, '0') OR log_id >= (
       SELECT next FROM diary.epoch_rows WHERE epoch = v_epoch)) THEN
    RETURN 0;   -- as nearly always at night, when nothing is to be written for nothing
  END IF;
  PERFORM FROM diary.task WHERE name = 'seal' FOR UPDATE;   -- and then a snapshot that sees the batch of another
  SELECT epoch, upto_txid, hash INTO v_epoch, v_from, v_previous FROM audit.batch ORDER BY batch_id DESC LIMIT 1;
  v_epoch := COALESCE(v_epoch, (SELECT min(epoch) FROM diary.epoch));
  v_from := COALESCE(v_from, '0');
  v_previous := COALESCE(v_previous, '\x');
  WHILE v_epoch <= v_now LOOP
    -- Of an epoch that is over, every transaction is.
    v_upto := CASE WHEN v_epoch = v_now THEN pg_snapshot_xmin(pg_current_snapshot()) ELSE '18446744073709551615' END;
    v_rows := audit.count_rows(v_epoch, v_from, v_upto);
    IF v_rows > 0 THEN
      INSERT INTO audit.batch (epoch, from_txid, upto_txid, row_count, previous_hash, hash)
      VALUES (v_epoch, v_from, v_upto, v_rows, v_previous, audit.rows_hash(v_previous, v_epoch, v_from, v_upto))
      RETURNING hash INTO v_previous;
      v_all := v_all + v_rows;
    END IF;
    v_epoch := v_epoch + 1;
    v_from := '0';
  END LOOP;
  RETURN v_all;
END $$;


--
-- Name: begin_session(uuid, character varying, timestamp with time zone); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.begin_session(p_user uuid, p_token character varying, p_issued_at timestamp with time zone) RETURNS TABLE(role character varying, tier character varying)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
  SELECT u.role, u.api_tier INTO role, tier FROM auth.users u
  WHERE u.user_id = p_user AND u.is_active AND (p_issued_at < u.tokens_valid_from) IS NOT TRUE
    AND NOT EXISTS (SELECT FROM auth.revoked_tokens k WHERE k.user_id = p_user AND k.token_id = p_token);
  PERFORM set_config('app.user_id', CASE WHEN FOUND THEN p_user::text ELSE '' END, true);
  IF role IS NOT NULL THEN RETURN NEXT; END IF;
END $$;


--
-- Name: change_account(jsonb, character varying); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.change_account(p_changes jsonb, p_hash character varying) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  UPDATE auth.users SET
    display_name = CASE WHEN p_changes ? 'display_name' THEN p_changes ->> 'display_name' ELSE display_name END,
    avatar_url = CASE WHEN p_changes ? 'avatar_url' THEN p_changes ->> 'avatar_url' ELSE avatar_url END,
    email = COALESCE(lower(p_changes ->> 'email'), email),
    email_verified = email_verified AND COALESCE(lower(p_changes ->> 'email') = email, true),
    password_hash = COALESCE(p_changes ->> 'password_hash', password_hash),
    tokens_valid_from = CASE WHEN p_changes ? 'password_hash'
                             THEN date_trunc('second', clock_timestamp()) + interval '1 second'
                             ELSE tokens_valid_from END
  WHERE user_id = auth.current_user_id() AND is_active
    AND (password_hash = p_hash OR NOT p_changes ?| ARRAY['email', 'password_hash']);
  RETURN CASE WHEN FOUND THEN 'changed' ELSE 'stale' END;
EXCEPTION WHEN unique_violation THEN
  RETURN 'taken';
END $$;


--
-- Name: current_user_id(); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT CASE WHEN current_setting('app.user_id', true) ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
              THEN current_setting('app.user_id', true)::uuid END
$_$;


--
-- Name: delete_account(character varying); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.delete_account(p_hash character varying) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_user uuid := auth.current_user_id();
BEGIN
  DELETE FROM auth.users WHERE user_id = v_user AND password_hash = p_hash;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM audit.erase(v_user);
  RETURN true;
END $$;


--
-- Name: export_account(); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.export_account() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
  SELECT jsonb_build_object(
    'exported_at', clock_timestamp(),
    'account', to_jsonb(u) - 'password_hash',
    'ratings', auth.samples_of(u.user_id, 'ratings'),
    'votes', auth.samples_of(u.user_id, 'votes'),
    'withdrawn_ratings', (SELECT COALESCE(jsonb_agg(to_jsonb(w) ORDER BY received_at), '[]')
                          FROM diary.withdrawn_ratings w WHERE w.user_id = u.user_id),
    'routes', (SELECT COALESCE(jsonb_agg(to_jsonb(r) ORDER BY created_at), '[]')
               FROM diary.routes r WHERE r.user_id = u.user_id),
    'revoked_tokens', (SELECT COALESCE(jsonb_agg(to_jsonb(k) ORDER BY revoked_at), '[]')
                       FROM auth.revoked_tokens k WHERE k.user_id = u.user_id),
    'audit_log', (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                    'log_id', l.log_id, 'changed_at', l.changed_at, 'table_name', l.table_name,
                    'operation', l.operation,
                    'about', CASE WHEN l.user_id = u.user_id THEN 'you' ELSE 'another' END,
                    'by', CASE WHEN l.actor_id = u.user_id THEN 'you' WHEN l.actor_id IS NULL THEN 'nobody'
                               ELSE 'another' END,
                    'old_data', CASE WHEN l.user_id = u.user_id THEN l.old_data END,
                    'new_data', CASE WHEN l.user_id = u.user_id THEN l.new_data END) ORDER BY l.log_id), '[]')
                  FROM audit.log l
                  WHERE l.user_id = u.user_id
                     OR l.actor_id = u.user_id AND l.actor_id IS DISTINCT FROM l.user_id))
  FROM auth.users u WHERE u.user_id = auth.current_user_id()
$$;


--
-- Name: logged_in(uuid, character varying, character varying); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.logged_in(p_user uuid, p_hash character varying, p_rehash character varying) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  UPDATE auth.users SET last_login_at = clock_timestamp(), password_hash = COALESCE(p_rehash, p_hash)
  WHERE user_id = p_user AND password_hash = p_hash AND is_active;
  RETURN FOUND;
END $$;


--
-- Name: own_credentials(); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.own_credentials() RETURNS TABLE(user_id uuid, email character varying, password_hash character varying)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT user_id, email, password_hash FROM auth.users WHERE user_id = auth.current_user_id() AND is_active
$$;


--
-- Name: password_hash_of(character varying); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.password_hash_of(p_email character varying) RETURNS TABLE(user_id uuid, password_hash character varying)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT user_id, password_hash FROM auth.users WHERE lower(email) = lower(p_email) AND is_active
$$;


--
-- Name: prune_revoked_tokens(); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.prune_revoked_tokens() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_count bigint;
BEGIN
  DELETE FROM auth.revoked_tokens WHERE expires_at < clock_timestamp() - interval '1 hour';
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;


--
-- Name: register(character varying, character varying, character varying); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.register(p_email character varying, p_password_hash character varying, p_display_name character varying) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  INSERT INTO auth.users (email, password_hash, display_name) VALUES (lower(p_email), p_password_hash, p_display_name)
  ON CONFLICT DO NOTHING RETURNING user_id
$$;


--
-- Name: revoke_token(character varying, timestamp with time zone); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.revoke_token(p_token character varying, p_expires_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  INSERT INTO auth.revoked_tokens (user_id, token_id, expires_at)
  VALUES (auth.current_user_id(), p_token, p_expires_at) ON CONFLICT DO NOTHING
$$;


--
-- Name: samples_of(uuid, text); Type: FUNCTION; Schema: auth; Owner: -
--

CREATE FUNCTION auth.samples_of(p_user uuid, p_parent text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
  v_rows jsonb := '[]';
  v_some jsonb;
  v_table text;
BEGIN
  FOR v_table IN
    SELECT child FROM diary.partition
    WHERE parent = p_parent AND detached_at IS NOT NULL AND to_regclass(format('diary.%I', child)) IS NOT NULL
    ORDER BY month
  LOOP
    EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY submitted_at) FROM diary.%I t WHERE user_id = $1', v_table)
      INTO v_some USING p_user;
    v_rows := v_rows || COALESCE(v_some, '[]');
  END LOOP;
  EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY submitted_at) FROM diary.%I t WHERE user_id = $1', p_parent)
    INTO v_some USING p_user;
  RETURN v_rows || COALESCE(v_some, '[]');
END $_$;


--
-- Name: align_partition(text, text); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.align_partition(p_parent text, p_child text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_parent regclass := format('diary.%I', p_parent)::regclass;
  v_child regclass := format('diary.%I', p_child)::regclass;
  t record;
BEGIN
  FOR t IN
    SELECT indisunique, substring(pg_get_indexdef(indexrelid) FROM ' USING .*$') AS what
    FROM pg_index WHERE indrelid = v_parent AND indisvalid
    EXCEPT
    SELECT indisunique, substring(pg_get_indexdef(indexrelid) FROM ' USING .*$') FROM pg_index WHERE indrelid = v_child
  LOOP
    EXECUTE format('CREATE %s INDEX ON %s %s', CASE WHEN t.indisunique THEN 'UNIQUE' END, v_child, t.what);
  END LOOP;
  FOR t IN
    SELECT pg_get_constraintdef(oid) AS what FROM pg_constraint WHERE conrelid = v_parent AND contype = 'f'
    EXCEPT
    SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = v_child AND contype = 'f'
  LOOP
    EXECUTE format('ALTER TABLE %s ADD %s', v_child, t.what);
  END LOOP;
END $_$;


--
-- Name: align_partitions(boolean); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.align_partitions(p_triggers boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM diary.partition WHERE to_regclass(format('diary.%I', child)) IS NOT NULL ORDER BY parent, month
  LOOP
    IF t.detached_at IS NULL THEN PERFORM diary.align_partition(t.parent, t.child); END IF;
    IF p_triggers THEN PERFORM diary.make_partition_triggers(t.parent, t.child, t.detached_at IS NULL); END IF;
  END LOOP;
END $$;


--
-- Name: be_in_epoch(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.be_in_epoch() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF COALESCE(current_setting('diary.epoch_is_known', true), '') = '' THEN
    PERFORM diary.enter_epoch();
    PERFORM set_config('diary.epoch_is_known', 'yes', false);
  END IF;
END $$;


--
-- Name: change_month(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.change_month() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
  v_key text := left(TG_ARGV[0], -1) || '_id';
  v_columns text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO v_columns
  FROM pg_attribute
  WHERE attrelid = format('diary.%I', TG_ARGV[0])::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
  EXECUTE format('DELETE FROM diary.%I WHERE %I = ($1).%2$I', TG_TABLE_NAME, v_key) USING OLD;
  EXECUTE format('INSERT INTO diary.%I (%s) SELECT %2$s FROM (SELECT ($1).*) n', TG_ARGV[0], v_columns) USING NEW;
  RETURN NULL;
END $_$;


--
-- Name: close_months(integer); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.close_months(p_limit integer DEFAULT 5000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_moved bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM ONLY diary.ratings WHERE submitted_at < v_before)
     AND NOT EXISTS (SELECT FROM ONLY diary.votes WHERE submitted_at < v_before) THEN
    RETURN 0;
  END IF;
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  BEGIN
    v_moved := diary.close_some('ratings', v_before, p_limit);
    v_moved := v_moved + diary.close_some('votes', v_before, p_limit - v_moved);
    UPDATE diary.closing SET moving = false WHERE moving;
  EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN 0;
  END;
  RETURN v_moved;
END $$;


--
-- Name: close_some(text, timestamp with time zone, bigint); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.close_some(p_parent text, p_before timestamp with time zone, p_limit bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $_$
DECLARE
  v_key text := left(p_parent, -1) || '_id';
  v_columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                     WHERE attrelid = format('diary.%I', p_parent)::regclass AND attnum > 0 AND NOT attisdropped
                       AND attgenerated = '');
  -- A row that somebody's foreign key points to stays in the open part, which is what the key refers to.
  v_free text := (SELECT COALESCE(string_agg(format(' AND NOT EXISTS (SELECT FROM %s f WHERE f.%I = r.%I)',
                                                    k.conrelid::regclass, mine.attname, theirs.attname), ''), '')
                  FROM pg_constraint k
                  JOIN pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attnum = k.conkey[1]
                  JOIN pg_attribute theirs ON theirs.attrelid = k.confrelid AND theirs.attnum = k.confkey[1]
                  WHERE k.contype = 'f' AND k.confrelid = format('diary.%I', p_parent)::regclass);
  v_from timestamptz := '-infinity';
  v_to timestamptz;
  v_month date;
  v_moved bigint := 0;
  v_count bigint;
BEGIN
  WHILE v_moved < p_limit LOOP
    EXECUTE format('SELECT date_trunc(''month'', min(submitted_at)) FROM ONLY diary.%I '
                   'WHERE submitted_at >= $1 AND submitted_at < $2', p_parent) INTO v_from USING v_from, p_before;
    EXIT WHEN v_from IS NULL;
    v_month := v_from;
    v_to := v_from + interval '1 month';
    -- Rows that came after their month had been let go stay in the open part.
    IF NOT EXISTS (SELECT FROM diary.partition
                   WHERE parent = p_parent AND month = v_month AND detached_at IS NOT NULL) THEN
      UPDATE diary.closing SET moving = true, moves = moves + 1 WHERE NOT moving;
      EXECUTE format(
        'WITH picked AS MATERIALIZED (SELECT %1$I AS id FROM ONLY diary.%2$I r '
        'WHERE submitted_at >= $1 AND submitted_at < $2%5$s ORDER BY submitted_at LIMIT $3 FOR UPDATE SKIP LOCKED), '
        'gone AS (DELETE FROM ONLY diary.%2$I WHERE %1$I IN (SELECT id FROM picked) RETURNING *), '
        'known AS (INSERT INTO diary.closed_%2$s (id, month) SELECT %1$I, $4 FROM gone) '
        'INSERT INTO diary.%3$I (%4$s) SELECT %4$s FROM gone',
        v_key, p_parent, diary.make_partition(p_parent, v_month), v_columns, v_free)
        USING v_from, v_to, p_limit - v_moved, v_month;
      GET DIAGNOSTICS v_count = ROW_COUNT;
      v_moved := v_moved + v_count;
    END IF;
    v_from := v_to;
  END LOOP;
  RETURN v_moved;
END $_$;


--
-- Name: closed_rating(uuid, date); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.closed_rating(p_id uuid, p_month date) RETURNS diary.ratings
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_child text := (SELECT child FROM diary.partition WHERE parent = 'ratings' AND month = p_month);
  v_row diary.ratings;
BEGIN
  IF to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    EXECUTE format('SELECT * FROM diary.%I WHERE rating_id = $1', v_child) INTO v_row USING p_id;
  END IF;
  RETURN v_row;
END $_$;


--
-- Name: closed_vote(uuid, date); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.closed_vote(p_id uuid, p_month date) RETURNS diary.votes
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_child text := (SELECT child FROM diary.partition WHERE parent = 'votes' AND month = p_month);
  v_row diary.votes;
BEGIN
  IF to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    EXECUTE format('SELECT * FROM diary.%I WHERE vote_id = $1', v_child) INTO v_row USING p_id;
  END IF;
  RETURN v_row;
END $_$;


--
-- Name: detach_months(interval); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.detach_months(p_keep interval) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '1s'
    AS $_$
DECLARE
  v_open boolean;
  v_count int := 0;
  t record;
BEGIN
  IF p_keep < interval '7 months' OR p_keep IS NULL THEN
    RAISE EXCEPTION 'ratings and votes are kept for at least 7 months, not %', p_keep
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  FOR t IN SELECT parent, month, child, month + interval '1 month' AS ended FROM diary.partition
           WHERE detached_at IS NULL AND month + interval '1 month' <= now() - p_keep ORDER BY month, parent
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM ONLY diary.%I WHERE submitted_at >= $1 AND submitted_at < $2)',
                   t.parent)
      INTO v_open USING t.month::timestamptz, t.ended::timestamptz;
    CONTINUE WHEN v_open OR EXISTS (SELECT FROM analytics.segment_state
                                    WHERE next_event_at <= t.ended::timestamptz + interval '4320 hours');
    EXECUTE format('ALTER TABLE diary.%I NO INHERIT diary.%I', t.child, t.parent);
    PERFORM diary.make_partition_triggers(t.parent, t.child, false);
    UPDATE diary.partition SET detached_at = clock_timestamp() WHERE parent = t.parent AND month = t.month;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $_$;


--
-- Name: enter_epoch(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.enter_epoch() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_last diary.epoch;
  v_system bigint;
  v_timeline int;
BEGIN
  SELECT * INTO v_last FROM diary.epoch ORDER BY epoch DESC LIMIT 1;
  IF pg_is_in_recovery() THEN RETURN v_last.epoch; END IF;
  SELECT system_identifier INTO v_system FROM pg_control_system();
  v_timeline := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int;
  IF (v_last.system_identifier, v_last.timeline) IS NOT DISTINCT FROM (v_system, v_timeline) THEN
    RETURN v_last.epoch;
  END IF;
  -- The sequence may not have come along: logical replication leaves it behind.
  IF (SELECT max(log_id) FROM audit.log) >= (SELECT last_value FROM audit.log_log_id_seq) THEN
    PERFORM setval('audit.log_log_id_seq', (SELECT max(log_id) FROM audit.log));
  END IF;
  INSERT INTO diary.epoch (epoch, system_identifier, timeline, first_log_id)
  VALUES (COALESCE(v_last.epoch, 0) + 1, v_system, v_timeline, nextval('audit.log_log_id_seq'))
  ON CONFLICT DO NOTHING;
  RETURN COALESCE(v_last.epoch, 0) + 1;
END $$;


--
-- Name: fill_nodes(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.fill_nodes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NOT public.ST_OrderingEquals(NEW.geometry, OLD.geometry) THEN
    IF NEW.source_node IS NULL OR NEW.source_node < 0 THEN
      NEW.source_node := diary.node_at(public.ST_StartPoint(NEW.geometry));
    END IF;
    IF NEW.target_node IS NULL OR NEW.target_node < 0 THEN
      NEW.target_node := diary.node_at(public.ST_EndPoint(NEW.geometry));
    END IF;
  END IF;
  RETURN NEW;
END $$;


--
-- Name: fold_text(text); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.fold_text(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));
END $$;


--
-- Name: forget_closed(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.forget_closed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
  IF diary.moving() THEN RETURN NULL; END IF;
  IF TG_ARGV[0] = 'ratings' THEN
    DELETE FROM diary.closed_ratings c USING old_rows o WHERE c.id = o.rating_id;
  ELSE
    DELETE FROM diary.closed_votes c USING old_rows o WHERE c.id = o.vote_id;
  END IF;
  RETURN NULL;
END $$;


--
-- Name: forget_truncated(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.forget_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
BEGIN
  EXECUTE format('DELETE FROM diary.closed_%s WHERE month IN (SELECT month FROM diary.partition WHERE parent = $1 '
                 'AND (child = $2 OR $1 = $2 AND detached_at IS NULL))', TG_ARGV[0])
    USING TG_ARGV[0], TG_TABLE_NAME::text;
  IF TG_TABLE_NAME = TG_ARGV[0] THEN PERFORM set_config('diary.truncating_' || TG_ARGV[0], '', true); END IF;
  RETURN NULL;
END $_$;


--
-- Name: hold_moves(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.hold_moves() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_moves bigint;
BEGIN
  SELECT moves INTO v_moves FROM diary.closing FOR SHARE;
  RETURN v_moves;
END $$;


--
-- Name: hold_own_routes(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.hold_own_routes() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM auth.users WHERE user_id = auth.current_user_id() AND is_active FOR NO KEY UPDATE;
  RETURN FOUND;
END $$;


--
-- Name: join_segments(text[]); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.join_segments(p_segment_ids text[], OUT unknown_at integer, OUT break_at integer, OUT gap_m double precision, OUT length_m numeric, OUT avg_safety numeric, OUT line public.geometry) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
  c_reach_m CONSTANT float8 := 25;
  v_count int := cardinality(p_segment_ids);
  -- From the end and from the start of a segment to the start and the end of the next.
  v_end_start float8[];
  v_end_end float8[];
  v_start_start float8[];
  v_start_end float8[];
  -- The least sum of gaps so far with this segment walked forward, and backward; NULL: it cannot be.
  v_forward float8 := 0;
  v_backward float8 := 0;
  -- Whether the segment before is walked forward when this one is walked forward, and when backward.
  v_before_forward boolean[] := array_fill(true, ARRAY[v_count]);
  v_before_backward boolean[] := array_fill(true, ARRAY[v_count]);
  v_is_forward boolean[] := array_fill(true, ARRAY[v_count]);
  v_ff float8;
  v_bf float8;
  v_fb float8;
  v_bb float8;
BEGIN
  WITH walked AS MATERIALIZED (
    SELECT u.seq, s.segment_id IS NULL AS is_unknown,
           ST_StartPoint(s.geometry)::geography AS a, ST_EndPoint(s.geometry)::geography AS b
    FROM unnest(p_segment_ids) WITH ORDINALITY u(id, seq) LEFT JOIN diary.segments s ON s.segment_id = u.id
  ), pair AS (
    SELECT seq, is_unknown, a, b, lead(a) OVER w AS next_a, lead(b) OVER w AS next_b FROM walked WINDOW w AS (ORDER BY seq)
  )
  SELECT min(seq) FILTER (WHERE is_unknown),
         array_agg(ST_Distance(b, next_a) ORDER BY seq), array_agg(ST_Distance(b, next_b) ORDER BY seq),
         array_agg(ST_Distance(a, next_a) ORDER BY seq), array_agg(ST_Distance(a, next_b) ORDER BY seq)
    INTO unknown_at, v_end_start, v_end_end, v_start_start, v_start_end
  FROM pair;
  IF unknown_at IS NOT NULL THEN RETURN; END IF;

  FOR i IN 1 .. v_count - 1 LOOP
    v_ff := CASE WHEN v_end_start[i] <= c_reach_m THEN v_forward + v_end_start[i] END;
    v_bf := CASE WHEN v_start_start[i] <= c_reach_m THEN v_backward + v_start_start[i] END;
    v_fb := CASE WHEN v_end_end[i] <= c_reach_m THEN v_forward + v_end_end[i] END;
    v_bb := CASE WHEN v_start_end[i] <= c_reach_m THEN v_backward + v_start_end[i] END;
    IF COALESCE(v_ff, v_bf, v_fb, v_bb) IS NULL THEN
      break_at := i;
      gap_m := LEAST(CASE WHEN v_forward IS NOT NULL THEN LEAST(v_end_start[i], v_end_end[i]) END,
                     CASE WHEN v_backward IS NOT NULL THEN LEAST(v_start_start[i], v_start_end[i]) END);
      RETURN;
    END IF;
    v_before_forward[i + 1] := v_bf IS NULL OR v_ff <= v_bf;
    v_before_backward[i + 1] := v_bb IS NULL OR v_fb <= v_bb;
    v_forward := LEAST(v_ff, v_bf);   -- LEAST passes over NULL
    v_backward := LEAST(v_fb, v_bb);
  END LOOP;

  v_is_forward[v_count] := v_backward IS NULL OR v_forward <= v_backward;
  FOR i IN REVERSE v_count - 1 .. 1 LOOP
    v_is_forward[i] := CASE WHEN v_is_forward[i + 1] THEN v_before_forward[i + 1] ELSE v_before_backward[i + 1] END;
  END LOOP;

  SELECT sum(s.length_m), round(sum(s.length_m * l.decayed_mean) / sum(s.length_m), 2),
         ST_RemoveRepeatedPoints(ST_MakeLine(CASE WHEN u.is_forward THEN s.geometry ELSE ST_Reverse(s.geometry) END
                                             ORDER BY u.seq))
    INTO length_m, avg_safety, line
  FROM unnest(p_segment_ids, v_is_forward) WITH ORDINALITY u(id, is_forward, seq)
  JOIN diary.segments s ON s.segment_id = u.id
  JOIN analytics.segment_live l ON l.segment_id = u.id;
END $$;


--
-- Name: know_closed_rating(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.know_closed_rating() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_month date;
  c diary.ratings;
BEGIN
  SELECT month INTO v_month FROM diary.closed_ratings WHERE id = NEW.rating_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  c := diary.closed_rating(NEW.rating_id, v_month);
  IF TG_OP = 'INSERT'
     AND (c.user_id, c.segment_id, c.route_id, c.rating, c.tags, c.comment) IS NOT DISTINCT FROM
         (NEW.user_id, NEW.segment_id, NEW.route_id, NEW.rating, NEW.tags, NEW.comment) THEN
    RETURN NULL;
  END IF;
  PERFORM diary.refuse_id('ratings', 'rating_id', NEW.rating_id);
END $$;


--
-- Name: know_closed_vote(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.know_closed_vote() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_month date;
  c diary.votes;
BEGIN
  SELECT month INTO v_month FROM diary.closed_votes WHERE id = NEW.vote_id;
  IF NOT FOUND THEN RETURN NEW; END IF;
  c := diary.closed_vote(NEW.vote_id, v_month);
  IF TG_OP = 'INSERT' AND (c.user_id, c.segment_id, c.action) IS NOT DISTINCT FROM
                          (NEW.user_id, NEW.segment_id, NEW.action) THEN
    RETURN NULL;
  END IF;
  PERFORM diary.refuse_id('votes', 'vote_id', NEW.vote_id);
END $$;


--
-- Name: load_staged_segments(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.load_staged_segments() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '500ms'
    AS $$
DECLARE
  v_drop text[];
  v_make text[];
  v_statement text;
  v_rows bigint;
BEGIN
  IF EXISTS (SELECT FROM diary.segments) THEN RETURN NULL; END IF;
  LOCK TABLE diary.segments, analytics.segment_state IN ACCESS EXCLUSIVE MODE;
  IF EXISTS (SELECT FROM diary.segments) THEN   -- another import was first: its lock is gone, ours goes with the error
    RAISE lock_not_available;
  END IF;
  SELECT array_agg(s.drop ORDER BY s.oid), array_agg(s.make ORDER BY s.oid) INTO v_drop, v_make
  FROM (SELECT i.indexrelid AS oid, format('DROP INDEX %s', i.indexrelid::regclass) AS drop,
               pg_get_indexdef(i.indexrelid) AS make
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = 'diary.segments'::regclass AND i.indisvalid AND c.reltablespace = 0
          AND NOT (i.indisunique OR i.indisclustered OR i.indisreplident)
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
          AND NOT EXISTS (SELECT FROM pg_description d WHERE d.objoid = i.indexrelid)
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = i.indexrelid AND d.deptype IN ('e', 'x'))
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)
        UNION ALL
        SELECT k.oid, format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname),
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k
        WHERE k.contype = 'f' AND k.conrelid = 'analytics.segment_state'::regclass
          AND k.confrelid = 'diary.segments'::regclass
          AND NOT EXISTS (SELECT FROM pg_description d WHERE d.objoid = k.oid)) s;
  FOREACH v_statement IN ARRAY COALESCE(v_drop, '{}') LOOP EXECUTE v_statement; END LOOP;
  INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry, source_node, target_node, access)
  SELECT segment_id, street, neighborhood, length_m, geometry, source_node, target_node, access
  FROM pg_temp.segment_staging;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  FOREACH v_statement IN ARRAY COALESCE(v_make, '{}') LOOP EXECUTE v_statement; END LOOP;
  RETURN v_rows;
EXCEPTION WHEN lock_not_available OR deadlock_detected OR unique_violation THEN
  RETURN NULL;   -- with all that was dropped in place again, and the locks given back
END $$;


--
-- Name: make_partition(text, date); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.make_partition(p_parent text, p_month date) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET client_min_messages TO 'warning'
    AS $_$
DECLARE
  v_child text := p_parent || to_char(p_month, '"_p"YYYY"_"MM');
BEGIN
  IF EXISTS (SELECT FROM diary.partition WHERE parent = p_parent AND month = p_month)
     AND to_regclass(format('diary.%I', v_child)) IS NOT NULL THEN
    RETURN v_child;
  END IF;
  EXECUTE format('CREATE TABLE diary.%I (LIKE diary.%I INCLUDING ALL, '
                 'CONSTRAINT month CHECK (submitted_at >= %L::timestamptz AND submitted_at < %L::timestamptz)) '
                 'INHERITS (diary.%2$I)', v_child, p_parent,
                 p_month::timestamptz, (p_month + interval '1 month')::timestamptz);
  PERFORM diary.align_partition(p_parent, v_child);
  PERFORM diary.make_partition_triggers(p_parent, v_child, true);
  INSERT INTO diary.partition (parent, month, child) VALUES (p_parent, p_month, v_child)
  ON CONFLICT (parent, month) DO UPDATE SET made_at = clock_timestamp(), detached_at = NULL;
  RETURN v_child;
END $_$;


--
-- Name: make_partition_triggers(text, text, boolean); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.make_partition_triggers(p_parent text, p_child text, p_live boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_key text := left(p_parent, -1) || '_id';
  v_once text := format('WHEN (current_setting(%L, true) IS DISTINCT FROM ''on'')', 'diary.truncating_' || p_parent);
  v_changed text := format('analytics.%s_changed()', p_parent);
  v_audit text := format('audit.audit_trigger(%L, %L)', v_key, 'diary.' || p_parent);
  t record;
BEGIN
  FOR t IN SELECT * FROM (VALUES
    ('refuse_insert', 'BEFORE INSERT', '', '', format('diary.refuse_insert(%L)', p_parent), false),
    ('forget_closed', 'AFTER DELETE', 'old', '', format('diary.forget_closed(%L)', p_parent), false),
    ('forget_truncated', 'AFTER TRUNCATE', '', '', format('diary.forget_truncated(%L)', p_parent), false),
    ('audit_update', 'AFTER UPDATE', 'both', '', v_audit, false),
    ('audit_delete', 'AFTER DELETE', 'old', '', v_audit, false),
    ('audit_truncate', 'AFTER TRUNCATE', '', v_once, v_audit, false),
    ('live_update', 'AFTER UPDATE', 'both', '', v_changed, true),
    ('live_delete', 'AFTER DELETE', 'old', '', v_changed, true),
    ('live_truncate', 'AFTER TRUNCATE', '', v_once, 'analytics.samples_truncated()', true)
  ) v(name, at, rows, cond, call, of_live)
  LOOP
    IF t.of_live AND NOT p_live THEN
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON diary.%I', p_parent || '_' || t.name, p_child);
    ELSE
      EXECUTE format('CREATE OR REPLACE TRIGGER %I %s ON diary.%I %s FOR EACH STATEMENT %s EXECUTE FUNCTION %s',
                     p_parent || '_' || t.name, t.at, p_child,
                     CASE t.rows WHEN 'old' THEN 'REFERENCING OLD TABLE AS old_rows'
                                 WHEN 'both' THEN 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows' ELSE '' END,
                     t.cond, t.call);
    END IF;
  END LOOP;
  EXECUTE format('CREATE OR REPLACE TRIGGER %1$I BEFORE UPDATE OF %2$I ON diary.%3$I FOR EACH ROW '
                 'WHEN (NEW.%2$I <> OLD.%2$I) EXECUTE FUNCTION diary.refuse_new_id()',
                 p_parent || '_refuse_new_id', v_key, p_child);
  EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OF submitted_at ON diary.%I FOR EACH ROW WHEN '
                 '(date_trunc(''month'', NEW.submitted_at, ''UTC'') <> date_trunc(''month'', OLD.submitted_at, ''UTC'')) '
                 'EXECUTE FUNCTION diary.change_month(%L)', p_parent || '_change_month', p_child, p_parent);
END $_$;


--
-- Name: make_partitions(integer); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.make_partitions(p_ahead integer DEFAULT 3) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  PERFORM diary.align_partitions();
  PERFORM diary.make_partition(
    parent, (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m))::date)
  FROM unnest(ARRAY['ratings', 'votes']) parent, generate_series(0, LEAST(p_ahead, 120)) m ORDER BY parent, m;
END $$;


--
-- Name: mirror_route_segments(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.mirror_route_segments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.segment_ids, NEW.alt_segment_ids) IS NOT DISTINCT FROM (OLD.segment_ids, OLD.alt_segment_ids) THEN
      RETURN NULL;
    END IF;
    DELETE FROM diary.route_segments WHERE route_id = NEW.route_id;
  END IF;
  INSERT INTO diary.route_segments (route_id, is_alt, seq, segment_id)
  SELECT NEW.route_id, false, seq, id FROM unnest(NEW.segment_ids) WITH ORDINALITY u(id, seq)
  UNION ALL
  SELECT NEW.route_id, true, seq, id FROM unnest(NEW.alt_segment_ids) WITH ORDINALITY u(id, seq);
  RETURN NULL;
END $$;


--
-- Name: moderate_rating(uuid, character varying, text); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.moderate_rating(p_id uuid, p_status character varying, p_reason text) RETURNS character varying
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_segment varchar;
  v_before varchar;
  v_reason text;
BEGIN
  PERFORM diary.hold_moves();
  SELECT segment_id INTO v_segment FROM diary.ratings WHERE rating_id = p_id;
  PERFORM FROM analytics.segment_state WHERE segment_id = v_segment FOR NO KEY UPDATE;
  SELECT status, moderation_reason INTO v_before, v_reason FROM diary.ratings WHERE rating_id = p_id FOR UPDATE;
  IF v_before <> p_status OR v_reason IS DISTINCT FROM p_reason THEN
    UPDATE diary.ratings SET status = p_status, moderation_reason = p_reason WHERE rating_id = p_id;
  END IF;
  RETURN v_before;
END $$;


--
-- Name: moving(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.moving() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT moving FROM diary.closing
$$;


--
-- Name: nearest_node(double precision, double precision); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.nearest_node(p_lng double precision, p_lat double precision) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH place AS (SELECT ST_SetSRID(ST_MakePoint(p_lng, p_lat), 4326) AS at), near AS (
    -- A degree east is shorter than one north: the index gives candidates, metres decide.
    SELECT g.* FROM diary.segments g, place p WHERE g.access & 3 <> 0 ORDER BY g.geometry <-> p.at LIMIT 50
  )
  SELECT CASE WHEN ST_Distance(ST_StartPoint(n.geometry)::geography, p.at::geography)
                   <= ST_Distance(ST_EndPoint(n.geometry)::geography, p.at::geography)
              THEN n.source_node ELSE n.target_node END
  FROM near n, place p ORDER BY ST_Distance(n.geometry::geography, p.at::geography), n.segment_id LIMIT 1
$$;


--
-- Name: node_at(public.geometry); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.node_at(point public.geometry) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT -1 - (((round(public.ST_X(point) * 1e7)::bigint + 1800000000) << 31)
             | (round(public.ST_Y(point) * 1e7)::bigint + 900000000))
$$;


--
-- Name: refuse_id(text, text, uuid); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.refuse_id(p_table text, p_key text, p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION 'duplicate key value violates unique constraint "%_pkey"', p_table
    USING ERRCODE = 'unique_violation', SCHEMA = 'diary', TABLE = p_table, CONSTRAINT = p_table || '_pkey',
          DETAIL = format('Key (%s)=(%s) already exists in a closed month.', p_key, p_id),
          HINT = format('ON CONFLICT does not reach a closed month; UPDATE diary.%s ... WHERE %s = %L does.', p_table, p_key, p_id);
END $$;


--
-- Name: refuse_insert(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.refuse_insert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF diary.moving() THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'diary.% holds a closed month: insert into diary.%', TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;


--
-- Name: refuse_moved(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.refuse_moved() RETURNS trigger
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_moves bigint;
BEGIN
  SELECT moves INTO v_moves FROM diary.closing;
  IF v_moves <> diary.hold_moves() THEN
    RAISE EXCEPTION 'a month of diary.% was being closed; try again', TG_TABLE_NAME
      USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;


--
-- Name: refuse_new_id(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.refuse_new_id() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION 'a row of a closed month (diary.%) keeps its id', TG_TABLE_NAME
    USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;


--
-- Name: reopen_months(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.reopen_months() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
  v_before timestamptz := date_trunc('month', now() - interval '72 hours', 'UTC');
  v_columns text;
  v_count bigint;
  v_all bigint := 0;
  t record;
BEGIN
  PERFORM FROM diary.task WHERE name = 'months' FOR UPDATE;
  FOR t IN SELECT parent, child, left(parent, -1) || '_id' AS key FROM diary.partition
           WHERE detached_at IS NULL AND month >= v_before AND to_regclass(format('diary.%I', child)) IS NOT NULL
  LOOP
    EXECUTE format('SELECT count(*) FROM diary.%I', t.child) INTO v_count;
    CONTINUE WHEN v_count = 0;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO v_columns
    FROM pg_attribute
    WHERE attrelid = format('diary.%I', t.parent)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    UPDATE diary.closing SET moving = true, moves = moves + 1;
    PERFORM set_config('diary.reopening', 'on', true);
    EXECUTE format('DELETE FROM diary.closed_%s c USING diary.%I r WHERE c.id = r.%I', t.parent, t.child, t.key);
    EXECUTE format('WITH gone AS (DELETE FROM diary.%1$I RETURNING *) '
                   'INSERT INTO diary.%2$I (%3$s) SELECT %3$s FROM gone', t.child, t.parent, v_columns);
    PERFORM set_config('diary.reopening', '', true);
    UPDATE diary.closing SET moving = false;
    v_all := v_all + v_count;
  END LOOP;
  RETURN v_all;
END $_$;


--
-- Name: require(text, boolean, text); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.require(p_parameter text, p_fits boolean, p_rule text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF p_fits IS NOT TRUE THEN
    RAISE EXCEPTION '% must be %', p_parameter, p_rule USING ERRCODE = 'invalid_parameter_value';
  END IF;
END $$;


--
-- Name: require_box(double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.require_box(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM diary.require('p_min_lng', p_min_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_max_lng', p_max_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_min_lat', p_min_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_max_lat', p_max_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_min_lng', p_min_lng < p_max_lng,
                        'less than p_max_lng; a box over the antimeridian is asked for as two');
  PERFORM diary.require('p_min_lat', p_min_lat < p_max_lat, 'less than p_max_lat');
END $$;


--
-- Name: route_astar(bigint, bigint, numeric); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.route_astar(p_from_node bigint, p_to_node bigint, p_safety_weight numeric DEFAULT 0.5) RETURNS TABLE(seq integer, segment_id character varying, node bigint, length_m numeric, cost double precision, agg_cost double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
  v_edges text;
BEGIN
  PERFORM diary.require('p_safety_weight', p_safety_weight BETWEEN 0 AND 5, 'from 0 to 5');
  IF to_regprocedure('public.pgr_astar(text,bigint,bigint,boolean,integer,float8,float8)') IS NULL THEN
    RAISE EXCEPTION 'routing in the database needs the extension pgrouting' USING ERRCODE = 'feature_not_supported',
      HINT = 'A superuser installs it into this database: CREATE EXTENSION pgrouting SCHEMA public.';
  END IF;
  -- A* is right only while the straight line ahead never costs more than any way does. So: x and y in metres, of a
  -- plane that is nowhere longer than the earth (the least radius of curvature, the narrowest degree of longitude),
  -- shrunk further where a source gives a street less than its straight length.
  v_edges := format($edges$
    WITH edge AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY g.segment_id) AS id, g.source_node AS source, g.target_node AS target,
             g.length_m, public.calculate_segment_cost(g.length_m, l.decayed_mean, %L)::float8 AS cost,
             public.ST_StartPoint(g.geometry) AS a, public.ST_EndPoint(g.geometry) AS b
      FROM diary.segments g LEFT JOIN analytics.segment_live l USING (segment_id)
      WHERE g.access & 3 <> 0
    ), node AS MATERIALIZED (   -- one place each, should the ends of its segments differ
      SELECT node, min(public.ST_X(at)) AS lng, min(public.ST_Y(at)) AS lat
      FROM (SELECT source AS node, a AS at FROM edge UNION ALL SELECT target, b FROM edge) ends GROUP BY node
    ), placed AS MATERIALIZED (
      SELECT node, radians(lng) * 6378137 * cosd(max(abs(lat)) OVER ()) AS x, radians(lat) * 6335439 AS y FROM node
    ), pair AS MATERIALIZED (
      SELECT e.id, e.source, e.target, e.cost, e.length_m, s.x AS x1, s.y AS y1, t.x AS x2, t.y AS y2
      FROM edge e JOIN placed s ON s.node = e.source JOIN placed t ON t.node = e.target
    ), shrink AS (
      SELECT LEAST(1, min(length_m / NULLIF(sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2), 0))) * 0.999 AS by FROM pair
    )
    SELECT id, source, target, cost, x1 * by AS x1, y1 * by AS y1, x2 * by AS x2, y2 * by AS y2 FROM pair, shrink
  $edges$, p_safety_weight);
  RETURN QUERY EXECUTE $route$
    SELECT p.seq, s.segment_id, p.node, s.length_m, p.cost, p.agg_cost
    FROM public.pgr_astar($1, $2, $3, directed => false, heuristic => 4) p
    LEFT JOIN (SELECT row_number() OVER (ORDER BY segment_id) AS id, segment_id, length_m FROM diary.segments
               WHERE access & 3 <> 0) s
      ON s.id = p.edge
    ORDER BY p.seq
  $route$ USING v_edges, p_from_node, p_to_node;
END $_$;


--
-- Name: route_astar(double precision, double precision, double precision, double precision, numeric); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.route_astar(p_from_lng double precision, p_from_lat double precision, p_to_lng double precision, p_to_lat double precision, p_safety_weight numeric DEFAULT 0.5) RETURNS TABLE(seq integer, segment_id character varying, node bigint, length_m numeric, cost double precision, agg_cost double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM diary.require('p_from_lng', p_from_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_from_lat', p_from_lat BETWEEN -90 AND 90, 'from -90 to 90');
  PERFORM diary.require('p_to_lng', p_to_lng BETWEEN -180 AND 180, 'from -180 to 180');
  PERFORM diary.require('p_to_lat', p_to_lat BETWEEN -90 AND 90, 'from -90 to 90');
  RETURN QUERY SELECT * FROM diary.route_astar(diary.nearest_node(p_from_lng, p_from_lat),
                                               diary.nearest_node(p_to_lng, p_to_lat), p_safety_weight);
END $$;


--
-- Name: route_safety(text[]); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.route_safety(p_segment_ids text[]) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT round(sum(s.length_m * l.decayed_mean) / sum(s.length_m), 2)
  FROM unnest(p_segment_ids) u(id)
  JOIN diary.segments s ON s.segment_id = u.id
  JOIN analytics.segment_live l ON l.segment_id = u.id
$$;


--
-- Name: search_comments(text, integer, timestamp with time zone, uuid); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.search_comments(p_query text, p_limit integer DEFAULT 20, p_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_id uuid DEFAULT NULL::uuid) RETURNS TABLE(rating_id uuid, segment_id character varying, street character varying, rating smallint, submitted_at timestamp with time zone, headline text, rank real)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET client_min_messages TO 'warning'
    AS $$
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


--
-- Name: search_streets(text, integer); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.search_streets(p_query text, p_limit integer DEFAULT 10) RETURNS TABLE(street character varying, neighborhood character varying, segment_count bigint, similarity real, min_lng double precision, min_lat double precision, max_lng double precision, max_lat double precision, segment_id character varying, lng double precision, lat double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
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


--
-- Name: submit_ratings(json, integer); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.submit_ratings(p_rows json, p_per_hour integer) RETURNS TABLE(i integer, outcome text, retry_after_s integer, segment_id character varying, rating smallint, tags text[], comment text, submitted_at timestamp with time zone, status character varying)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_material TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
  v_segments varchar[];
  v_users uuid[];
  v_judged boolean;   -- all that the table's triggers would look for is looked for here
BEGIN
  SELECT array_agg(r.segment_id), array_agg(r.user_id), count(*) = count(DISTINCT (r.user_id, r.segment_id)) AND count(*) = count(DISTINCT r.rating_id)
           AND bool_and(r.submitted_at > clock_timestamp() - interval '25 hours')
    INTO v_segments, v_users, v_judged
  FROM json_to_recordset(p_rows) AS r(rating_id uuid, segment_id varchar, user_id uuid, submitted_at timestamptz);
  -- This locks person and street before the state, as their deletion does; the foreign keys would lock them later.
  PERFORM FROM analytics.segment_state
  WHERE (SELECT count(*) FROM (SELECT FROM auth.users WHERE user_id = ANY (v_users) FOR KEY SHARE) u) >= 0
    AND (SELECT count(*) FROM (SELECT FROM diary.segments WHERE segment_id = ANY (v_segments) FOR KEY SHARE) g) >= 0
    AND segment_id = ANY (v_segments)
  ORDER BY segment_id FOR NO KEY UPDATE;
  PERFORM set_config('diary.rows_are_own', 'on', true);
  IF v_judged AND current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM set_config('diary.rows_are_judged', 'on', true);
  END IF;
  RETURN QUERY
  WITH row AS MATERIALIZED (
    SELECT * FROM json_to_recordset(p_rows) AS r(
      i int, g int, rating_id uuid, segment_id varchar, route_id uuid, user_id uuid, token_id varchar,
      issued_at timestamptz, rating smallint, tags text[], comment text, submitted_at timestamptz, timed boolean,
      device varchar, source varchar, status varchar)
  ), judged AS MATERIALIZED (
    SELECT r.*, o.rating_id IS NOT NULL OR c.id IS NOT NULL AS known,
      CASE
        WHEN u.user_id IS NULL OR k.token_id IS NOT NULL THEN 'unknown_user'
        WHEN o.rating_id IS NOT NULL OR c.id IS NOT NULL THEN
          CASE WHEN e.user_id = r.user_id AND e.segment_id = r.segment_id AND e.rating = r.rating
                AND e.tags = r.tags AND e.comment IS NOT DISTINCT FROM r.comment
                AND e.route_id IS NOT DISTINCT FROM r.route_id
                AND e.device IS NOT DISTINCT FROM r.device AND e.source IS NOT DISTINCT FROM r.source
                AND (NOT r.timed OR e.submitted_at = r.submitted_at)
               THEN 'repeated' ELSE 'mismatch' END
        WHEN w.id IS NOT NULL THEN 'withdrawn'
        WHEN s.segment_id IS NULL THEN 'unknown_segment'
        WHEN twin.at IS NOT NULL THEN 'duplicate'
        WHEN lately.n + dense_rank() OVER (PARTITION BY r.user_id ORDER BY r.g) > p_per_hour THEN 'limited'
        ELSE 'created'
      END AS outcome,
      CASE WHEN twin.at IS NOT NULL
           THEN GREATEST(1, ceil(extract(epoch FROM twin.at + interval '1 hour' - clock_timestamp())))
           ELSE GREATEST(1, ceil(extract(epoch FROM lately.first + interval '1 hour' - clock_timestamp()))) END AS wait_s,
      e.rating AS e_rating, e.tags AS e_tags, e.comment AS e_comment, e.submitted_at AS e_submitted_at, e.status AS e_status
    FROM row r
    LEFT JOIN ONLY diary.ratings o ON o.rating_id = r.rating_id
    LEFT JOIN diary.closed_ratings c ON c.id = r.rating_id
    LEFT JOIN diary.withdrawn_ratings w ON w.id = r.rating_id
    LEFT JOIN LATERAL (
      SELECT o.* WHERE c.id IS NULL
      UNION ALL
      SELECT k.* FROM diary.closed_rating(c.id, c.month) k WHERE c.id IS NOT NULL
    ) e ON true
    LEFT JOIN auth.users u ON u.user_id = r.user_id AND u.is_active
      AND (r.issued_at < u.tokens_valid_from) IS NOT TRUE
    LEFT JOIN auth.revoked_tokens k ON k.user_id = r.user_id AND k.token_id = r.token_id
    LEFT JOIN diary.segments s ON s.segment_id = r.segment_id
    LEFT JOIN LATERAL (
      SELECT max(t.submitted_at) AS at FROM ONLY diary.ratings t
      WHERE t.user_id = r.user_id AND t.segment_id = r.segment_id AND t.status <> 'rejected'
        AND t.submitted_at > r.submitted_at - interval '1 hour' AND t.submitted_at < r.submitted_at + interval '1 hour'
    ) twin ON true
    LEFT JOIN LATERAL (   -- a rated route is one submission; times lie at most 24 h back
      SELECT count(DISTINCT (COALESCE(l.route_id, l.id), l.submitted_at)) AS n, min(l.received_at) AS first
      FROM (
        SELECT rating_id AS id, route_id, submitted_at, received_at FROM ONLY diary.ratings
        WHERE user_id = r.user_id AND submitted_at > clock_timestamp() - interval '26 hours'
          AND received_at > clock_timestamp() - interval '1 hour'
        UNION ALL
        SELECT id, route_id, submitted_at, received_at FROM diary.withdrawn_ratings
        WHERE user_id = r.user_id AND received_at > clock_timestamp() - interval '1 hour'
      ) l
    ) lately ON true
  ), verdict AS MATERIALIZED (
    SELECT j.*, bool_and(j.outcome = 'created') OVER (PARTITION BY j.g) AS store FROM judged j
  ), stored AS (
    INSERT INTO diary.ratings (rating_id, segment_id, route_id, user_id, rating, tags, comment, submitted_at, device,
                               source, status)
    SELECT rating_id, segment_id, route_id, user_id, rating, tags, comment, submitted_at, device, source, status
    FROM verdict WHERE store ORDER BY segment_id
  )
  SELECT v.i, v.outcome, v.wait_s::int, v.segment_id,
         COALESCE(v.e_rating, v.rating), COALESCE(v.e_tags, v.tags),
         CASE WHEN v.known THEN v.e_comment ELSE v.comment END,
         COALESCE(v.e_submitted_at, v.submitted_at), COALESCE(v.e_status, v.status)
  FROM verdict v ORDER BY v.i;
  PERFORM set_config('diary.rows_are_own', '', true), set_config('diary.rows_are_judged', '', true);
END $$;


--
-- Name: submit_votes(json, integer); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.submit_votes(p_rows json, p_per_hour integer) RETURNS TABLE(i integer, outcome text, retry_after_s integer, implicit_rating numeric, submitted_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_material TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
  v_segments varchar[];
  v_users uuid[];
BEGIN
  SELECT array_agg(r ->> 'segment_id'), array_agg((r ->> 'user_id')::uuid) INTO v_segments, v_users
  FROM json_array_elements(p_rows) r;
  PERFORM FROM analytics.segment_state
  WHERE (SELECT count(*) FROM (SELECT FROM auth.users WHERE user_id = ANY (v_users) FOR KEY SHARE) u) >= 0
    AND (SELECT count(*) FROM (SELECT FROM diary.segments WHERE segment_id = ANY (v_segments) FOR KEY SHARE) g) >= 0
    AND segment_id = ANY (v_segments)
  ORDER BY segment_id FOR NO KEY UPDATE;
  PERFORM set_config('diary.rows_are_own', 'on', true);
  RETURN QUERY
  WITH row AS MATERIALIZED (
    SELECT * FROM json_to_recordset(p_rows) AS r(
      i int, vote_id uuid, segment_id varchar, user_id uuid, token_id varchar, issued_at timestamptz, action varchar,
      submitted_at timestamptz, timed boolean)
  ), judged AS MATERIALIZED (
    SELECT r.*,
      CASE
        WHEN u.user_id IS NULL OR k.token_id IS NOT NULL THEN 'unknown_user'
        WHEN o.vote_id IS NOT NULL OR c.id IS NOT NULL THEN
          CASE WHEN e.user_id = r.user_id AND e.segment_id = r.segment_id AND e.action = r.action
                AND (NOT r.timed OR e.submitted_at = r.submitted_at) THEN 'repeated' ELSE 'mismatch' END
        WHEN l.segment_id IS NULL THEN 'unknown_segment'
        WHEN twin.at IS NOT NULL THEN 'duplicate'
        WHEN lately.n + row_number() OVER (PARTITION BY r.user_id ORDER BY r.i) > p_per_hour THEN 'limited'
        ELSE 'created'
      END AS outcome,
      CASE WHEN twin.at IS NOT NULL
           THEN GREATEST(1, ceil(extract(epoch FROM twin.at + interval '24 hours' - clock_timestamp())))
           ELSE GREATEST(1, ceil(extract(epoch FROM lately.first + interval '1 hour' - clock_timestamp()))) END AS wait_s,
      -- the score of this moment, under the segment's lock, at full precision
      COALESCE(e.implicit_rating,
               CASE r.action WHEN 'agree' THEN l.decayed_mean ELSE LEAST(l.decayed_mean + 1, 5) END) AS value,
      COALESCE(e.submitted_at, r.submitted_at) AS at
    FROM row r
    LEFT JOIN ONLY diary.votes o ON o.vote_id = r.vote_id
    LEFT JOIN diary.closed_votes c ON c.id = r.vote_id
    LEFT JOIN LATERAL (
      SELECT o.* WHERE c.id IS NULL
      UNION ALL
      SELECT k.* FROM diary.closed_vote(c.id, c.month) k WHERE c.id IS NOT NULL
    ) e ON true
    LEFT JOIN auth.users u ON u.user_id = r.user_id AND u.is_active
      AND (r.issued_at < u.tokens_valid_from) IS NOT TRUE
    LEFT JOIN auth.revoked_tokens k ON k.user_id = r.user_id AND k.token_id = r.token_id
    LEFT JOIN LATERAL (SELECT * FROM analytics.segment_live v WHERE v.segment_id = r.segment_id) l ON true
    LEFT JOIN LATERAL (
      SELECT max(t.submitted_at) AS at FROM ONLY diary.votes t
      WHERE t.user_id = r.user_id AND t.segment_id = r.segment_id AND t.action = r.action
        AND t.submitted_at > r.submitted_at - interval '24 hours' AND t.submitted_at < r.submitted_at + interval '24 hours'
    ) twin ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS n, min(t.received_at) AS first FROM ONLY diary.votes t
      WHERE t.user_id = r.user_id AND t.submitted_at > clock_timestamp() - interval '26 hours'
        AND t.received_at > clock_timestamp() - interval '1 hour'
    ) lately ON true
  ), stored AS (
    INSERT INTO diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at)
    SELECT vote_id, segment_id, user_id, action, value, submitted_at FROM judged
    WHERE outcome = 'created' ORDER BY segment_id
  )
  SELECT j.i, j.outcome, j.wait_s::int, j.value, j.at FROM judged j ORDER BY j.i;
  PERFORM set_config('diary.rows_are_own', '', true);
END $$;


--
-- Name: truncate_begins(); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.truncate_begins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM set_config('diary.truncating_' || TG_TABLE_NAME, 'on', true);
  RETURN NULL;
END $$;


--
-- Name: withdraw_rating(uuid); Type: FUNCTION; Schema: diary; Owner: -
--

CREATE FUNCTION diary.withdraw_rating(p_id uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_user uuid := auth.current_user_id();
  v_ids uuid[];
  v_segments varchar[];
  v_child text;
  v_count int := 0;
BEGIN
  PERFORM diary.hold_moves();
  SELECT array_agg(rating_id), array_agg(segment_id) INTO v_ids, v_segments
  FROM diary.ratings WHERE rating_id = p_id AND user_id = v_user;
  IF v_ids IS NULL THEN
    SELECT array_agg(rating_id), array_agg(segment_id) INTO v_ids, v_segments
    FROM diary.ratings WHERE user_id = v_user AND rating_id = public.uuid_generate_v5(p_id, segment_id);
  END IF;
  IF v_ids IS NOT NULL THEN
    PERFORM FROM analytics.segment_state WHERE segment_id = ANY (v_segments) ORDER BY segment_id FOR NO KEY UPDATE;
    WITH gone AS (
      DELETE FROM diary.ratings WHERE rating_id = ANY (v_ids) AND user_id = v_user RETURNING *
    )
    INSERT INTO diary.withdrawn_ratings (id, user_id, route_id, submitted_at, received_at)
    SELECT rating_id, user_id, route_id, submitted_at, received_at FROM gone;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
  END IF;
  SELECT p.child INTO v_child
  FROM diary.closed_ratings c JOIN diary.partition p ON p.parent = 'ratings' AND p.month = c.month
  WHERE c.id = p_id AND p.detached_at IS NOT NULL AND to_regclass(format('diary.%I', p.child)) IS NOT NULL;
  IF v_child IS NOT NULL THEN
    EXECUTE format('WITH gone AS (DELETE FROM diary.%I WHERE rating_id = $1 AND user_id = $2 RETURNING *) '
                   'INSERT INTO diary.withdrawn_ratings (id, user_id, route_id, submitted_at, received_at) '
                   'SELECT rating_id, user_id, route_id, submitted_at, received_at FROM gone', v_child)
      USING p_id, v_user;
    GET DIAGNOSTICS v_count = ROW_COUNT;
  END IF;
  RETURN v_count;
END $_$;


--
-- Name: calculate_segment_cost(numeric, numeric, numeric); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.calculate_segment_cost(length_m numeric, decayed_mean numeric, safety_weight numeric DEFAULT 0.5) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT length_m * (1.0 + GREATEST(safety_weight, 0.0) * (5.0 - COALESCE(decayed_mean, 3.0)) / 5.0)
$$;


--
-- Name: update_updated_at(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.update_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  NEW.updated_at := clock_timestamp();   -- NOW() stands still inside a transaction
  RETURN NEW;
END $$;


--
-- Name: sample; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.sample AS
 SELECT ratings.segment_id,
    (ratings.rating)::numeric AS value,
    ratings.submitted_at AS t,
    ratings.tags,
    ratings.received_at
   FROM diary.ratings
  WHERE ((ratings.status)::text = 'accepted'::text)
UNION ALL
 SELECT votes.segment_id,
    votes.implicit_rating AS value,
    votes.submitted_at AS t,
    '{}'::text[] AS tags,
    votes.received_at
   FROM diary.votes;


--
-- Name: segment_change; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.segment_change (
    segment_id character varying(50) NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    is_deleted boolean DEFAULT false NOT NULL,
    street_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
)
WITH (fillfactor='60', autovacuum_vacuum_scale_factor='0.02');


--
-- Name: segment_state; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.segment_state (
    segment_id character varying(50) NOT NULL,
    advanced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    next_event_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone NOT NULL,
    n bigint DEFAULT 0 NOT NULL,
    w numeric DEFAULT 0 NOT NULL,
    s numeric DEFAULT 0 NOT NULL,
    q numeric DEFAULT 0 NOT NULL,
    w2 numeric DEFAULT 0 NOT NULL,
    n30 bigint DEFAULT 0 NOT NULL,
    s30 numeric DEFAULT 0 NOT NULL,
    n60 bigint DEFAULT 0 NOT NULL,
    s60 numeric DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    w_real double precision GENERATED ALWAYS AS ((w)::double precision) STORED NOT NULL,
    s_real double precision GENERATED ALWAYS AS ((s)::double precision) STORED NOT NULL,
    top_tags text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT segment_state_n30_check CHECK ((n30 >= 0)),
    CONSTRAINT segment_state_n60_check CHECK ((n60 >= 0)),
    CONSTRAINT segment_state_n_check CHECK ((n >= 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02');


--
-- Name: segment_recount; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.segment_recount AS
 SELECT st.segment_id,
    count(x.t) FILTER (WHERE member.m180) AS n,
    COALESCE(sum(member.g) FILTER (WHERE member.m180), (0)::numeric) AS w,
    COALESCE(sum((member.g * x.value)) FILTER (WHERE member.m180), (0)::numeric) AS s,
    COALESCE(sum(((member.g * x.value) * x.value)) FILTER (WHERE member.m180), (0)::numeric) AS q,
    COALESCE(sum((((member.g)::double precision * (member.g)::double precision))::numeric) FILTER (WHERE member.m180), (0)::numeric) AS w2,
    count(x.t) FILTER (WHERE member.m30) AS n30,
    COALESCE(sum(x.value) FILTER (WHERE member.m30), (0)::numeric) AS s30,
    count(x.t) FILTER (WHERE member.m60) AS n60,
    COALESCE(sum(x.value) FILTER (WHERE member.m60), (0)::numeric) AS s60,
    COALESCE(min(analytics.next_event(x.t, st.advanced_at)), 'infinity'::timestamp with time zone) AS next_event_at,
    st.advanced_at
   FROM ((( SELECT segment_state.segment_id,
            analytics.true_cursor(segment_state.advanced_at) AS advanced_at
           FROM analytics.segment_state) st
     LEFT JOIN analytics.sample x ON (((x.segment_id)::text = (st.segment_id)::text)))
     LEFT JOIN LATERAL ( SELECT analytics.forward_weight(x.t) AS g,
            (x.t > (st.advanced_at - '4320:00:00'::interval)) AS m180,
            (x.t > (st.advanced_at - '720:00:00'::interval)) AS m30,
            ((x.t >= (st.advanced_at - '1440:00:00'::interval)) AND (x.t <= (st.advanced_at - '720:00:00'::interval))) AS m60) member ON (true))
  GROUP BY st.segment_id, st.advanced_at;


--
-- Name: segment_tag; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.segment_tag (
    segment_id character varying(50) NOT NULL,
    tag text NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT segment_tag_n_check CHECK ((n > 0))
)
WITH (fillfactor='60', autovacuum_vacuum_scale_factor='0.02');


--
-- Name: tag_recount; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.tag_recount AS
 SELECT st.segment_id,
    u.tag,
    count(*) AS n
   FROM ((( SELECT segment_state.segment_id,
            analytics.true_cursor(segment_state.advanced_at) AS advanced_at
           FROM analytics.segment_state) st
     JOIN analytics.sample x ON ((((x.segment_id)::text = (st.segment_id)::text) AND (x.t > (st.advanced_at - '4320:00:00'::interval)))))
     CROSS JOIN LATERAL ( SELECT DISTINCT unnest(x.tags) AS tag) u)
  GROUP BY st.segment_id, u.tag;


--
-- Name: drift; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.drift AS
 WITH tags AS MATERIALIZED (
         SELECT tag_recount.segment_id,
            tag_recount.tag,
            tag_recount.n
           FROM analytics.tag_recount
        )
 SELECT st.segment_id,
    v.what,
    v.stored,
    v.counted
   FROM ((analytics.segment_state st
     JOIN analytics.segment_recount r USING (segment_id))
     CROSS JOIN LATERAL ( VALUES ('n'::text,(st.n)::text,(r.n)::text,(st.n = r.n)), ('w'::text,(st.w)::text,(r.w)::text,(abs((st.w - r.w)) <= (0.000000000001 * abs(r.w)))), ('s'::text,(st.s)::text,(r.s)::text,(abs((st.s - r.s)) <= (0.000000000001 * abs(r.s)))), ('q'::text,(st.q)::text,(r.q)::text,(abs((st.q - r.q)) <= (0.000000000001 * abs(r.q)))), ('w2'::text,(st.w2)::text,(r.w2)::text,(abs((st.w2 - r.w2)) <= (0.000000000001 * abs(r.w2)))), ('n30'::text,(st.n30)::text,(r.n30)::text,(st.n30 = r.n30)), ('s30'::text,(st.s30)::text,(r.s30)::text,(st.s30 = r.s30)), ('n60'::text,(st.n60)::text,(r.n60)::text,(st.n60 = r.n60)), ('s60'::text,(st.s60)::text,(r.s60)::text,(st.s60 = r.s60)), ('next_event_at'::text,(st.next_event_at)::text,(r.next_event_at)::text,(st.next_event_at <= r.next_event_at)), ('advanced_at'::text,(st.advanced_at)::text,(r.advanced_at)::text,(st.advanced_at <= r.advanced_at))) v(what, stored, counted, same))
  WHERE (NOT v.same)
UNION ALL
 SELECT COALESCE(g.segment_id, r.segment_id) AS segment_id,
    ('tag '::text || COALESCE(g.tag, r.tag)) AS what,
    (COALESCE(g.n, (0)::bigint))::text AS stored,
    (COALESCE(r.n, (0)::bigint))::text AS counted
   FROM (analytics.segment_tag g
     FULL JOIN tags r ON ((((r.segment_id)::text = (g.segment_id)::text) AND (r.tag = g.tag))))
  WHERE (g.n IS DISTINCT FROM r.n)
UNION ALL
 SELECT st.segment_id,
    'top_tags'::text AS what,
    (st.top_tags)::text AS stored,
    (COALESCE(five.tags, '{}'::text[]))::text AS counted
   FROM (analytics.segment_state st
     LEFT JOIN ( SELECT tags.segment_id,
            (array_agg(tags.tag ORDER BY tags.n DESC, (tags.tag COLLATE "C")))[1:5] AS tags
           FROM tags
          GROUP BY tags.segment_id) five USING (segment_id))
  WHERE (st.top_tags <> COALESCE(five.tags, '{}'::text[]))
UNION ALL
 SELECT s.segment_id,
    'state'::text AS what,
    'absent'::text AS stored,
    'present'::text AS counted
   FROM diary.segments s
  WHERE (NOT (EXISTS ( SELECT
           FROM analytics.segment_state st
          WHERE ((st.segment_id)::text = (s.segment_id)::text))))
UNION ALL
 SELECT s.segment_id,
    'change'::text AS what,
        CASE
            WHEN c.is_deleted THEN 'deleted'::text
            ELSE 'absent'::text
        END AS stored,
    'present'::text AS counted
   FROM (diary.segments s
     LEFT JOIN analytics.segment_change c USING (segment_id))
  WHERE (c.is_deleted IS NOT FALSE);


--
-- Name: segment_live; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.segment_live AS
 SELECT st.segment_id,
    (((((((15)::double precision + (sums.s * age.f)) / ((5)::double precision + (sums.w * age.f))) * ('1000000000000000'::numeric)::double precision))::bigint)::numeric * 0.000000000000001) AS decayed_mean,
    (((((sums.w * age.f) * ('100000000000'::numeric)::double precision))::bigint)::numeric * 0.00000000001) AS n_eff,
        CASE
            WHEN ((sums.w * age.f) >= (10)::double precision) THEN 1.00
            ELSE round((round((((((sums.w * age.f) * ('100000000000'::numeric)::double precision))::bigint)::numeric * 0.00000000001), 2) * 0.1), 2)
        END AS confidence,
    sums.top_tags,
    (
        CASE
            WHEN (sums.n30 > 0) THEN (sums.s30 / (sums.n30)::numeric)
            ELSE 3.0
        END -
        CASE
            WHEN (sums.n60 > 0) THEN (sums.s60 / (sums.n60)::numeric)
            ELSE 3.0
        END) AS delta_30d,
    sums.n AS n_samples,
    sums.n30 AS n_30d,
    sums.n60 AS n_60d,
    st.changed_at
   FROM (((analytics.segment_state st
     CROSS JOIN ( SELECT power((2.0)::double precision, ((- date_part('epoch'::text, (now() - '2025-01-01 00:00:00+00'::timestamp with time zone))) / (1814400.0)::double precision)) AS f
         OFFSET 0) age)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (st.next_event_at <= now()) THEN analytics.correct_state(st.segment_id, now())
                    ELSE NULL::analytics.corrected_state
                END AS fix
         OFFSET 0) late)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (late.fix IS NULL) THEN st.n
                    ELSE (late.fix).n
                END AS n,
                CASE
                    WHEN (late.fix IS NULL) THEN st.w_real
                    ELSE (late.fix).w_real
                END AS w,
                CASE
                    WHEN (late.fix IS NULL) THEN st.s_real
                    ELSE (late.fix).s_real
                END AS s,
                CASE
                    WHEN (late.fix IS NULL) THEN st.n30
                    ELSE (late.fix).n30
                END AS n30,
                CASE
                    WHEN (late.fix IS NULL) THEN st.s30
                    ELSE (late.fix).s30
                END AS s30,
                CASE
                    WHEN (late.fix IS NULL) THEN st.n60
                    ELSE (late.fix).n60
                END AS n60,
                CASE
                    WHEN (late.fix IS NULL) THEN st.s60
                    ELSE (late.fix).s60
                END AS s60,
                CASE
                    WHEN (late.fix IS NULL) THEN st.top_tags
                    ELSE (late.fix).top_tags
                END AS top_tags) sums);


--
-- Name: batch; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.batch (
    batch_id bigint NOT NULL,
    from_txid xid8 NOT NULL,
    upto_txid xid8 NOT NULL,
    row_count bigint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    let_go_at timestamp with time zone
);


--
-- Name: batch_batch_id_seq; Type: SEQUENCE; Schema: audit; Owner: -
--

CREATE SEQUENCE audit.batch_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: batch_batch_id_seq; Type: SEQUENCE OWNED BY; Schema: audit; Owner: -
--

ALTER SEQUENCE audit.batch_batch_id_seq OWNED BY audit.batch.batch_id;


--
-- Name: log; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.log (
    log_id bigint NOT NULL,
    table_name text NOT NULL,
    operation text NOT NULL,
    user_id uuid,
    old_data jsonb,
    new_data jsonb,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_id uuid,
    db_role text DEFAULT SESSION_USER NOT NULL,
    txid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT log_operation_check CHECK ((operation = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text, 'TRUNCATE'::text])))
);


--
-- Name: log_log_id_seq; Type: SEQUENCE; Schema: audit; Owner: -
--

CREATE SEQUENCE audit.log_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: log_log_id_seq; Type: SEQUENCE OWNED BY; Schema: audit; Owner: -
--

ALTER SEQUENCE audit.log_log_id_seq OWNED BY audit.log.log_id;


--
-- Name: sequence_state; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.sequence_state AS
 SELECT 'audit.log_log_id_seq'::text AS sequence,
    ( SELECT max(log.log_id) AS max
           FROM audit.log) AS used,
    ( SELECT
                CASE
                    WHEN log_log_id_seq.is_called THEN log_log_id_seq.last_value
                    ELSE (log_log_id_seq.last_value - 1)
                END AS "case"
           FROM audit.log_log_id_seq) AS given
UNION ALL
 SELECT 'audit.batch_batch_id_seq'::text AS sequence,
    ( SELECT max(batch.batch_id) AS max
           FROM audit.batch) AS used,
    ( SELECT
                CASE
                    WHEN batch_batch_id_seq.is_called THEN batch_batch_id_seq.last_value
                    ELSE (batch_batch_id_seq.last_value - 1)
                END AS "case"
           FROM audit.batch_batch_id_seq) AS given;


--
-- Name: epoch; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.epoch (
    epoch integer NOT NULL,
    system_identifier bigint,
    timeline integer,
    first_log_id bigint NOT NULL,
    begun_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: epoch_rows; Type: VIEW; Schema: diary; Owner: -
--

CREATE VIEW diary.epoch_rows AS
 SELECT epoch.epoch,
    epoch.first_log_id AS first,
    lead(epoch.first_log_id, 1, '9223372036854775807'::bigint) OVER (ORDER BY epoch.epoch) AS next
   FROM diary.epoch;


--
-- Name: partition; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.partition (
    parent text NOT NULL,
    month date NOT NULL,
    child text NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    detached_at timestamp with time zone,
    CONSTRAINT partition_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT partition_parent_check CHECK ((parent = ANY (ARRAY['ratings'::text, 'votes'::text])))
);


--
-- Name: health; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.health AS
 WITH ours AS (
         SELECT c.oid,
            ((c.oid)::regclass)::text AS name
           FROM (pg_class c
             JOIN pg_namespace n ON ((n.oid = c.relnamespace)))
          WHERE (n.nspname = ANY (ARRAY['diary'::name, 'auth'::name, 'analytics'::name, 'audit'::name]))
        )
 SELECT 'sums'::text AS doubt,
    'analytics.segment_state'::text AS subject,
    format('%s values of %s segments are not what a recount gives, first %s of %s: %s instead of %s'::text, count(*), count(DISTINCT drift.segment_id), (array_agg(drift.what))[1], (array_agg(drift.segment_id))[1], (array_agg(drift.stored))[1], (array_agg(drift.counted))[1]) AS detail,
    'diary rebuild'::text AS remedy
   FROM analytics.drift
  WHERE (drift.what <> 'advanced_at'::text)
 HAVING (count(*) > 0)
UNION ALL
 SELECT 'cursors'::text AS doubt,
    'analytics.segment_state'::text AS subject,
    format('%s cursors lie ahead of the clock, the last at %s'::text, count(*), max(segment_state.advanced_at)) AS detail,
    'diary rebuild'::text AS remedy
   FROM analytics.segment_state
  WHERE (segment_state.advanced_at > (clock_timestamp() + '00:01:00'::interval))
 HAVING (count(*) > 0)
UNION ALL
 SELECT 'cursors'::text AS doubt,
    'analytics.segment_state'::text AS subject,
    format('%s segments have had a sample at a window''s edge for over 10 minutes'::text, count(*)) AS detail,
    'start a server, or SELECT analytics.advance_windows(1000000)'::text AS remedy
   FROM analytics.segment_state
  WHERE (segment_state.next_event_at < (clock_timestamp() - '00:10:00'::interval))
 HAVING (count(*) > 0)
UNION ALL
 SELECT 'columns'::text AS doubt,
    'diary.segments'::text AS subject,
    format('%s segments show other figures than analytics.segment_live, first %s'::text, count(*), min((g.segment_id)::text)) AS detail,
    'start a server, or SELECT analytics.sync_segments()'::text AS remedy
   FROM (diary.segments g
     JOIN analytics.segment_live l USING (segment_id))
  WHERE ((l.changed_at < (clock_timestamp() - '00:00:10'::interval)) AND ((abs((g.decayed_mean - l.decayed_mean)) > 0.02) OR (abs((g.delta_30d - l.delta_30d)) > 0.02) OR (g.top_tags <> l.top_tags) OR (abs((g.n_eff - LEAST(l.n_eff, 999999.99))) > (0.02 + (0.02 * l.n_eff)))))
 HAVING (count(*) > 0)
UNION ALL
 SELECT 'future'::text AS doubt,
    f.name AS subject,
    format('%s rows are of a time to come, the last of %s'::text, f.n, f.last) AS detail,
    (('correct the clock; rows that stay ahead of it: UPDATE '::text || f.name) || ' SET submitted_at = ..., received_at = ...'::text) AS remedy
   FROM ( SELECT 'diary.ratings'::text AS name,
            count(*) AS n,
            max(ratings.submitted_at) AS last
           FROM diary.ratings
          WHERE (ratings.submitted_at > (clock_timestamp() + '00:10:00'::interval))
        UNION ALL
         SELECT 'diary.votes'::text,
            count(*) AS count,
            max(votes.submitted_at) AS max
           FROM diary.votes
          WHERE (votes.submitted_at > (clock_timestamp() + '00:10:00'::interval))) f
  WHERE (f.n > 0)
UNION ALL
 SELECT 'triggers'::text AS doubt,
    ours.name AS subject,
    format('trigger %I is %s'::text, t.tgname,
        CASE t.tgenabled
            WHEN 'D'::"char" THEN 'disabled'::text
            WHEN 'R'::"char" THEN 'enabled for replication alone'::text
            ELSE 'always enabled'::text
        END) AS detail,
    format('ALTER TABLE %s ENABLE TRIGGER %I, then diary rebuild'::text, ours.name, t.tgname) AS remedy
   FROM (pg_trigger t
     JOIN ours ON ((ours.oid = t.tgrelid)))
  WHERE (t.tgenabled <> 'O'::"char")
UNION ALL
 SELECT 'settings'::text AS doubt,
    COALESCE(('role '::text || ((s.setrole)::regrole)::text), ('database '::text || (s.datname)::text)) AS subject,
    format('each new session begins with %s: triggers do not fire'::text, s.setting) AS detail,
        CASE
            WHEN (s.setrole <> (0)::oid) THEN format('ALTER ROLE %s RESET session_replication_role'::text, (s.setrole)::regrole)
            ELSE format('ALTER DATABASE %I RESET session_replication_role'::text, s.datname)
        END AS remedy
   FROM ( SELECT NULLIF(pg_db_role_setting.setrole, (0)::oid) AS setrole,
            ( SELECT d.datname
                   FROM pg_database d
                  WHERE (d.oid = pg_db_role_setting.setdatabase)) AS datname,
            unnest(pg_db_role_setting.setconfig) AS setting
           FROM pg_db_role_setting
          WHERE (pg_db_role_setting.setdatabase = ANY (ARRAY[(0)::oid, ( SELECT pg_database.oid
                   FROM pg_database
                  WHERE (pg_database.datname = current_database()))]))) s
  WHERE ((s.setting ~~ 'session\_replication\_role=%'::text) AND (s.setting !~~ '%=origin'::text))
UNION ALL
 SELECT 'audit'::text AS doubt,
    'audit.log'::text AS subject,
    format('%s rows are not sealed, the oldest of %s'::text, count(*), min(l.changed_at)) AS detail,
    'end the transaction that has been open since then (pg_stat_activity), then SELECT audit.seal()'::text AS remedy
   FROM audit.log l
  WHERE (NOT (EXISTS ( SELECT
           FROM (audit.batch b
             JOIN diary.epoch_rows r USING (epoch))
          WHERE ((l.log_id >= r.first) AND (l.log_id < r.next) AND (l.txid < b.upto_txid)))))
 HAVING (min(l.changed_at) < (clock_timestamp() - '00:05:00'::interval))
UNION ALL
 SELECT 'audit'::text AS doubt,
    'audit.batch'::text AS subject,
    format('batch %s was altered after it had been sealed'::text, b.b) AS detail,
    'find out who; what the rows were, a backup from before has'::text AS remedy
   FROM audit.broken_batches() b(b)
UNION ALL
 SELECT 'months'::text AS doubt,
    month_doubts.subject,
    month_doubts.detail,
    'diary rebuild'::text AS remedy
   FROM analytics.month_doubts() month_doubts(subject, detail)
UNION ALL
 SELECT 'months'::text AS doubt,
    format('diary.%s'::text, o.parent) AS subject,
    format('rows of %s have been waiting since %s for their month to be closed'::text, to_char(o.month, 'YYYY-MM'::text), (o.month + '1 mon 3 days'::interval)) AS detail,
    'start a server, or SELECT diary.close_months(100000) until it returns 0'::text AS remedy
   FROM ( SELECT 'ratings'::text AS parent,
            date_trunc('month'::text, min(ratings.submitted_at), 'UTC'::text) AS month
           FROM ONLY diary.ratings
        UNION ALL
         SELECT 'votes'::text,
            date_trunc('month'::text, min(votes.submitted_at), 'UTC'::text) AS date_trunc
           FROM ONLY diary.votes) o
  WHERE (((o.month + '1 mon 4 days'::interval) < now()) AND (NOT (EXISTS ( SELECT
           FROM diary.partition p
          WHERE ((p.parent = o.parent) AND (p.month = ((o.month AT TIME ZONE 'UTC'::text))::date) AND (p.detached_at IS NOT NULL))))) AND (NOT (EXISTS ( SELECT
           FROM pg_constraint
          WHERE ((pg_constraint.contype = 'f'::"char") AND (pg_constraint.confrelid = ((format('diary.%I'::text, o.parent))::regclass)::oid))))))
UNION ALL
 SELECT 'sequences'::text AS doubt,
    sequence_state.sequence AS subject,
    format('gave %s, and the table has %s'::text, sequence_state.given, sequence_state.used) AS detail,
    'diary rebuild'::text AS remedy
   FROM analytics.sequence_state
  WHERE (sequence_state.used > sequence_state.given)
UNION ALL
 SELECT 'indexes'::text AS doubt,
    ((i.indexrelid)::regclass)::text AS subject,
    'is not valid: no query uses it, no constraint is kept by it'::text AS detail,
    format('REINDEX INDEX %s'::text, (i.indexrelid)::regclass) AS remedy
   FROM (pg_index i
     JOIN ours ON ((ours.oid = i.indrelid)))
  WHERE (NOT i.indisvalid)
UNION ALL
 SELECT 'collations'::text AS doubt,
    format('database %I'::text, pg_database.datname) AS subject,
    format('made with version %s of its collation, running with %s: indexes on text may be out of order'::text, pg_database.datcollversion, pg_database_collation_actual_version(pg_database.oid)) AS detail,
    format('REINDEX DATABASE %I; ALTER DATABASE %1$I REFRESH COLLATION VERSION'::text, pg_database.datname) AS remedy
   FROM pg_database
  WHERE ((pg_database.datname = current_database()) AND (pg_database.datcollversion <> pg_database_collation_actual_version(pg_database.oid)))
UNION ALL
 SELECT DISTINCT 'collations'::text AS doubt,
    format('collation %s'::text, (l.oid)::regcollation) AS subject,
    format('the index %s was made with version %s of it, running with %s: it may be out of order'::text, (i.indexrelid)::regclass, l.collversion, pg_collation_actual_version(l.oid)) AS detail,
    format('REINDEX INDEX %s; ALTER COLLATION %s REFRESH VERSION'::text, (i.indexrelid)::regclass, (l.oid)::regcollation) AS remedy
   FROM (((pg_index i
     CROSS JOIN LATERAL unnest(i.indcollation) k(oid))
     JOIN pg_collation l ON ((l.oid = k.oid)))
     JOIN ours ON ((ours.oid = i.indrelid)))
  WHERE (l.collversion <> pg_collation_actual_version(l.oid));


--
-- Name: city; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.city (
    one boolean DEFAULT true NOT NULL,
    time_zone text DEFAULT 'America/New_York'::text NOT NULL,
    CONSTRAINT city_one_check CHECK (one)
);


--
-- Name: trend_daily; Type: MATERIALIZED VIEW; Schema: analytics; Owner: -
--

CREATE MATERIALIZED VIEW analytics.trend_daily AS
 WITH member AS MATERIALIZED (
         SELECT route_members.route_id,
            route_members.route_name,
            route_members.segment_id
           FROM analytics.route_members() route_members(route_id, route_name, segment_id)
        ), part AS (
         SELECT m.route_id,
            ((r.submitted_at AT TIME ZONE ( SELECT city.time_zone
                   FROM diary.city)))::date AS date,
            count(*) AS n,
            (sum(r.rating))::numeric AS total,
            (sum((r.rating * r.rating)))::numeric AS squares
           FROM (member m
             JOIN diary.ratings r USING (segment_id))
          WHERE (((r.status)::text = 'accepted'::text) AND (r.submitted_at > (now() - '4320:00:00'::interval)))
          GROUP BY m.route_id, (((r.submitted_at AT TIME ZONE ( SELECT city.time_zone
                   FROM diary.city)))::date)
        UNION ALL
         SELECT m.route_id,
            ((v.submitted_at AT TIME ZONE ( SELECT city.time_zone
                   FROM diary.city)))::date AS timezone,
            count(*) AS count,
            sum(v.implicit_rating) AS sum,
            sum((v.implicit_rating * v.implicit_rating)) AS sum
           FROM (member m
             JOIN diary.votes v USING (segment_id))
          WHERE (v.submitted_at > (now() - '4320:00:00'::interval))
          GROUP BY m.route_id, (((v.submitted_at AT TIME ZONE ( SELECT city.time_zone
                   FROM diary.city)))::date)
        ), route_day AS (
         SELECT part.route_id,
            part.date,
            sum(part.n) AS n,
            sum(part.total) AS total,
            sum(part.squares) AS squares
           FROM part
          GROUP BY part.route_id, part.date
        )
 SELECT route_day.route_id,
    (named.route_name)::text AS route_name,
    route_day.date,
    round((route_day.total / route_day.n), 2) AS mean_rating,
        CASE
            WHEN (route_day.n > (1)::numeric) THEN round(sqrt(((GREATEST((route_day.squares - ((route_day.total * route_day.total) / route_day.n)), (0)::numeric) / (route_day.n - (1)::numeric)) / route_day.n)), 2)
            ELSE NULL::numeric
        END AS std_error,
    (route_day.n)::bigint AS n_samples,
    round(LEAST(1.0, (route_day.n / 10.0)), 2) AS confidence,
    now() AS computed_at
   FROM (route_day
     JOIN ( SELECT DISTINCT member.route_id,
            member.route_name
           FROM member) named USING (route_id))
  ORDER BY route_day.route_id, route_day.date
  WITH NO DATA;


--
-- Name: routes; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.routes (
    route_id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    user_id uuid NOT NULL,
    route_name character varying(200) NOT NULL,
    segment_ids text[] NOT NULL,
    geometry public.geometry(LineString,4326) NOT NULL,
    length_m numeric(8,2) NOT NULL,
    duration_min numeric(6,2) NOT NULL,
    avg_safety numeric(3,2),
    alt_segment_ids text[],
    alt_geometry public.geometry(LineString,4326),
    alt_length_m numeric(8,2),
    alt_duration_min numeric(6,2),
    alt_avg_safety numeric(3,2),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    CONSTRAINT alt_geometry_on_earth CHECK (((NOT public.st_isempty(alt_geometry)) AND (public.st_xmin((alt_geometry)::public.box3d) >= ('-180'::integer)::double precision) AND (public.st_xmax((alt_geometry)::public.box3d) <= (180)::double precision) AND (public.st_ymin((alt_geometry)::public.box3d) >= ('-90'::integer)::double precision) AND (public.st_ymax((alt_geometry)::public.box3d) <= (90)::double precision))),
    CONSTRAINT geometry_on_earth CHECK (((NOT public.st_isempty(geometry)) AND (public.st_xmin((geometry)::public.box3d) >= ('-180'::integer)::double precision) AND (public.st_xmax((geometry)::public.box3d) <= (180)::double precision) AND (public.st_ymin((geometry)::public.box3d) >= ('-90'::integer)::double precision) AND (public.st_ymax((geometry)::public.box3d) <= (90)::double precision))),
    CONSTRAINT routes_alt_avg_safety_check CHECK (((alt_avg_safety >= 1.00) AND (alt_avg_safety <= 5.00))),
    CONSTRAINT routes_alt_duration_min_check CHECK ((alt_duration_min > (0)::numeric)),
    CONSTRAINT routes_alt_length_m_check CHECK ((alt_length_m > (0)::numeric)),
    CONSTRAINT routes_alt_segment_ids_check CHECK (((cardinality(alt_segment_ids) >= 1) AND (cardinality(alt_segment_ids) <= 10000))),
    CONSTRAINT routes_avg_safety_check CHECK (((avg_safety >= 1.00) AND (avg_safety <= 5.00))),
    CONSTRAINT routes_duration_min_check CHECK ((duration_min > (0)::numeric)),
    CONSTRAINT routes_length_m_check CHECK ((length_m > (0)::numeric)),
    CONSTRAINT routes_segment_ids_check CHECK (((cardinality(segment_ids) >= 1) AND (cardinality(segment_ids) <= 10000)))
);

ALTER TABLE ONLY diary.routes FORCE ROW LEVEL SECURITY;


--
-- Name: public_route_trend; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.public_route_trend WITH (security_barrier='true') AS
 SELECT r.route_id,
    r.route_name,
    t.date,
    t.mean_rating,
    t.std_error,
    t.n_samples,
    t.confidence,
    t.computed_at
   FROM (diary.routes r
     JOIN analytics.trend_daily t ON ((t.route_id = r.route_id)))
  WHERE r.is_public;


--
-- Name: refresh_log; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.refresh_log (
    view_name text NOT NULL,
    computed_at timestamp with time zone NOT NULL,
    took interval NOT NULL
);


--
-- Name: route_trend; Type: VIEW; Schema: analytics; Owner: -
--

CREATE VIEW analytics.route_trend WITH (security_invoker='true') AS
 SELECT r.route_id,
    r.route_name,
    t.date,
    t.mean_rating,
    t.std_error,
    t.n_samples,
    t.confidence,
    t.computed_at
   FROM (diary.routes r
     JOIN analytics.trend_daily t ON ((t.route_id = r.route_id)));


--
-- Name: score_history; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.score_history (
    segment_id character varying(50) NOT NULL,
    at timestamp with time zone NOT NULL,
    decayed_mean numeric(3,2) NOT NULL,
    n_eff numeric NOT NULL
);


--
-- Name: erased; Type: TABLE; Schema: audit; Owner: -
--

CREATE TABLE audit.erased (
    log_id bigint NOT NULL,
    row_hash bytea NOT NULL,
    erased_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: revoked_tokens; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.revoked_tokens (
    user_id uuid NOT NULL,
    token_id character varying(100) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: users; Type: TABLE; Schema: auth; Owner: -
--

CREATE TABLE auth.users (
    user_id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    email character varying(255) NOT NULL,
    password_hash character varying(255) NOT NULL,
    display_name character varying(100),
    avatar_url text,
    is_active boolean DEFAULT true NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_login_at timestamp with time zone,
    api_tier character varying(20) DEFAULT 'free'::character varying NOT NULL,
    role character varying(20) DEFAULT 'user'::character varying NOT NULL,
    tokens_valid_from timestamp with time zone,
    CONSTRAINT users_api_tier_check CHECK (((api_tier)::text = ANY ((ARRAY['free'::character varying, 'premium'::character varying, 'enterprise'::character varying])::text[]))),
    CONSTRAINT users_avatar_url_check CHECK ((length(avatar_url) <= 2000)),
    CONSTRAINT users_role_check CHECK (((role)::text = ANY ((ARRAY['user'::character varying, 'moderator'::character varying, 'admin'::character varying])::text[])))
);


--
-- Name: closed_ratings; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.closed_ratings (
    id uuid NOT NULL,
    month date NOT NULL
);


--
-- Name: closed_votes; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.closed_votes (
    id uuid NOT NULL,
    month date NOT NULL
);


--
-- Name: closing; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.closing (
    one boolean DEFAULT true NOT NULL,
    moving boolean DEFAULT false NOT NULL,
    moves bigint DEFAULT 0 NOT NULL,
    CONSTRAINT closing_one_check CHECK (one)
);


--
-- Name: migration; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.migration (
    name text NOT NULL,
    checksum text NOT NULL,
    former text[] DEFAULT '{}'::text[] NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: route_segments; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.route_segments (
    route_id uuid NOT NULL,
    is_alt boolean NOT NULL,
    seq integer NOT NULL,
    segment_id character varying(50) NOT NULL
);


--
-- Name: task; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.task (
    name text NOT NULL
);


--
-- Name: withdrawn_ratings; Type: TABLE; Schema: diary; Owner: -
--

CREATE TABLE diary.withdrawn_ratings (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    route_id uuid,
    submitted_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: batch batch_id; Type: DEFAULT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.batch ALTER COLUMN batch_id SET DEFAULT nextval('audit.batch_batch_id_seq'::regclass);


--
-- Name: log log_id; Type: DEFAULT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.log ALTER COLUMN log_id SET DEFAULT nextval('audit.log_log_id_seq'::regclass);


--
-- Name: refresh_log refresh_log_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.refresh_log
    ADD CONSTRAINT refresh_log_pkey PRIMARY KEY (view_name);


--
-- Name: score_history score_history_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.score_history
    ADD CONSTRAINT score_history_pkey PRIMARY KEY (segment_id, at);


--
-- Name: segment_change segment_change_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.segment_change
    ADD CONSTRAINT segment_change_pkey PRIMARY KEY (segment_id);


--
-- Name: segment_state segment_state_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.segment_state
    ADD CONSTRAINT segment_state_pkey PRIMARY KEY (segment_id);


--
-- Name: segment_tag segment_tag_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.segment_tag
    ADD CONSTRAINT segment_tag_pkey PRIMARY KEY (segment_id, tag);


--
-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (batch_id);


--
-- Name: erased erased_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.erased
    ADD CONSTRAINT erased_pkey PRIMARY KEY (log_id);


--
-- Name: log log_pkey; Type: CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (log_id);


--
-- Name: revoked_tokens revoked_tokens_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.revoked_tokens
    ADD CONSTRAINT revoked_tokens_pkey PRIMARY KEY (user_id, token_id);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (user_id);


--
-- Name: city city_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.city
    ADD CONSTRAINT city_pkey PRIMARY KEY (one);


--
-- Name: closed_ratings closed_ratings_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.closed_ratings
    ADD CONSTRAINT closed_ratings_pkey PRIMARY KEY (id);


--
-- Name: closed_votes closed_votes_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.closed_votes
    ADD CONSTRAINT closed_votes_pkey PRIMARY KEY (id);


--
-- Name: closing closing_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.closing
    ADD CONSTRAINT closing_pkey PRIMARY KEY (one);


--
-- Name: epoch epoch_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.epoch
    ADD CONSTRAINT epoch_pkey PRIMARY KEY (epoch);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);


--
-- Name: partition partition_child_key; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.partition
    ADD CONSTRAINT partition_child_key UNIQUE (child);


--
-- Name: partition partition_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.partition
    ADD CONSTRAINT partition_pkey PRIMARY KEY (parent, month);


--
-- Name: ratings ratings_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.ratings
    ADD CONSTRAINT ratings_pkey PRIMARY KEY (rating_id);


--
-- Name: route_segments route_segments_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.route_segments
    ADD CONSTRAINT route_segments_pkey PRIMARY KEY (route_id, is_alt, seq);


--
-- Name: routes routes_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.routes
    ADD CONSTRAINT routes_pkey PRIMARY KEY (route_id);


--
-- Name: segments segments_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.segments
    ADD CONSTRAINT segments_pkey PRIMARY KEY (segment_id);


--
-- Name: task task_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (name);


--
-- Name: ratings unique_rating_per_hour; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.ratings
    ADD CONSTRAINT unique_rating_per_hour UNIQUE (user_id, segment_id, submitted_at);


--
-- Name: votes unique_vote_per_day; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.votes
    ADD CONSTRAINT unique_vote_per_day UNIQUE (user_id, segment_id, action, submitted_at);


--
-- Name: votes votes_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (vote_id);


--
-- Name: withdrawn_ratings withdrawn_ratings_pkey; Type: CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.withdrawn_ratings
    ADD CONSTRAINT withdrawn_ratings_pkey PRIMARY KEY (id);


--
-- Name: idx_coverage_grid_confidence; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_coverage_grid_confidence ON analytics.coverage_grid USING btree (mean_confidence);


--
-- Name: idx_coverage_grid_xy; Type: INDEX; Schema: analytics; Owner: -
--

CREATE UNIQUE INDEX idx_coverage_grid_xy ON analytics.coverage_grid USING btree (x, y);


--
-- Name: idx_segment_agg_confidence; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_segment_agg_confidence ON analytics.segment_aggregates USING btree (LEAST(1.0, (n_eff / 10.0))) WHERE ((n_eff / 10.0) >= 0.5);


--
-- Name: idx_segment_agg_geometry; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_segment_agg_geometry ON analytics.segment_aggregates USING gist (geometry);


--
-- Name: idx_segment_agg_id; Type: INDEX; Schema: analytics; Owner: -
--

CREATE UNIQUE INDEX idx_segment_agg_id ON analytics.segment_aggregates USING btree (segment_id);


--
-- Name: idx_segment_change_xid; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_segment_change_xid ON analytics.segment_change USING btree (changed_xid);


--
-- Name: idx_segment_state_next_event; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_segment_state_next_event ON analytics.segment_state USING btree (next_event_at) WHERE (next_event_at < 'infinity'::timestamp with time zone);


--
-- Name: idx_trend_daily_date; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX idx_trend_daily_date ON analytics.trend_daily USING btree (date DESC);


--
-- Name: idx_trend_daily_route; Type: INDEX; Schema: analytics; Owner: -
--

CREATE UNIQUE INDEX idx_trend_daily_route ON analytics.trend_daily USING btree (route_id, date DESC);


--
-- Name: idx_audit_log_actor; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX idx_audit_log_actor ON audit.log USING btree (actor_id) WHERE (actor_id IS DISTINCT FROM user_id);


--
-- Name: idx_audit_log_changed; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX idx_audit_log_changed ON audit.log USING brin (changed_at);


--
-- Name: idx_audit_log_txid; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX idx_audit_log_txid ON audit.log USING btree (txid);


--
-- Name: idx_audit_log_user; Type: INDEX; Schema: audit; Owner: -
--

CREATE INDEX idx_audit_log_user ON audit.log USING btree (user_id);


--
-- Name: idx_revoked_tokens_expires; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX idx_revoked_tokens_expires ON auth.revoked_tokens USING btree (expires_at);


--
-- Name: idx_users_active; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX idx_users_active ON auth.users USING btree (is_active) WHERE (is_active = true);


--
-- Name: idx_users_email; Type: INDEX; Schema: auth; Owner: -
--

CREATE UNIQUE INDEX idx_users_email ON auth.users USING btree (lower((email)::text));


--
-- Name: idx_users_tier; Type: INDEX; Schema: auth; Owner: -
--

CREATE INDEX idx_users_tier ON auth.users USING btree (api_tier);


--
-- Name: idx_ratings_comment; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_comment ON diary.ratings USING gin (to_tsvector('english'::regconfig, comment)) WHERE ((comment IS NOT NULL) AND ((status)::text = 'accepted'::text));


--
-- Name: idx_ratings_recent; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_recent ON diary.ratings USING btree (segment_id, submitted_at DESC) INCLUDE (rating) WHERE ((status)::text = 'accepted'::text);


--
-- Name: idx_ratings_rejected; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_rejected ON diary.ratings USING btree (submitted_at DESC) WHERE ((status)::text = 'rejected'::text);


--
-- Name: idx_ratings_route; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_route ON diary.ratings USING btree (route_id) WHERE (route_id IS NOT NULL);


--
-- Name: idx_ratings_segment; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_segment ON diary.ratings USING btree (segment_id, submitted_at DESC);


--
-- Name: idx_ratings_status; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_status ON diary.ratings USING btree (submitted_at) WHERE ((status)::text = 'pending_review'::text);


--
-- Name: idx_ratings_submitted; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_submitted ON diary.ratings USING btree (submitted_at DESC);


--
-- Name: idx_ratings_tags; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_tags ON diary.ratings USING gin (tags);


--
-- Name: idx_ratings_user; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_ratings_user ON diary.ratings USING btree (user_id, submitted_at DESC);


--
-- Name: idx_route_segments_segment; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_route_segments_segment ON diary.route_segments USING btree (segment_id, route_id);


--
-- Name: idx_routes_alt_segments; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_alt_segments ON diary.routes USING gin (alt_segment_ids);


--
-- Name: idx_routes_geometry; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_geometry ON diary.routes USING gist (geometry);


--
-- Name: idx_routes_newest; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_newest ON diary.routes USING btree (created_at DESC, route_id DESC);


--
-- Name: idx_routes_public; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_public ON diary.routes USING btree (is_public) WHERE (is_public = true);


--
-- Name: idx_routes_segments; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_segments ON diary.routes USING gin (segment_ids);


--
-- Name: idx_routes_user; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_routes_user ON diary.routes USING btree (user_id, created_at DESC);


--
-- Name: idx_segments_confidence; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_confidence ON diary.segments USING btree (confidence) WHERE (confidence >= 0.5);


--
-- Name: idx_segments_geometry; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_geometry ON diary.segments USING gist (geometry);


--
-- Name: idx_segments_neighborhood; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_neighborhood ON diary.segments USING btree (neighborhood);


--
-- Name: idx_segments_source_node; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_source_node ON diary.segments USING btree (source_node);


--
-- Name: idx_segments_street; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_street ON diary.segments USING gin (diary.fold_text((street)::text) public.gin_trgm_ops);


--
-- Name: idx_segments_target_node; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_target_node ON diary.segments USING btree (target_node);


--
-- Name: idx_segments_updated; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_segments_updated ON diary.segments USING btree (updated_at DESC);


--
-- Name: idx_votes_recent; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_votes_recent ON diary.votes USING btree (segment_id, submitted_at DESC) INCLUDE (implicit_rating);


--
-- Name: idx_votes_segment; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_votes_segment ON diary.votes USING btree (segment_id, submitted_at DESC);


--
-- Name: idx_votes_submitted; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_votes_submitted ON diary.votes USING btree (submitted_at DESC);


--
-- Name: idx_votes_user; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_votes_user ON diary.votes USING btree (user_id, submitted_at DESC);


--
-- Name: idx_withdrawn_ratings_user; Type: INDEX; Schema: diary; Owner: -
--

CREATE INDEX idx_withdrawn_ratings_user ON diary.withdrawn_ratings USING btree (user_id, received_at);


--
-- Name: users A_users_lock_in_order; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER "A_users_lock_in_order" AFTER DELETE ON auth.users REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION analytics.lock_in_order();


--
-- Name: users users_audit; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER users_audit AFTER INSERT ON auth.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('user_id');


--
-- Name: users users_audit_delete; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER users_audit_delete AFTER DELETE ON auth.users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('user_id');


--
-- Name: users users_audit_truncate; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER users_audit_truncate AFTER TRUNCATE ON auth.users FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger();


--
-- Name: users users_audit_update; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER users_audit_update AFTER UPDATE ON auth.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('user_id');


--
-- Name: users users_delete_alone; Type: TRIGGER; Schema: auth; Owner: -
--

CREATE TRIGGER users_delete_alone BEFORE DELETE ON auth.users FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone();


--
-- Name: segments A_segments_lock_in_order; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER "A_segments_lock_in_order" AFTER DELETE ON diary.segments REFERENCING OLD TABLE AS old_rows FOR EACH ROW EXECUTE FUNCTION analytics.lock_in_order();


--
-- Name: ratings ratings_audit; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_audit AFTER INSERT ON diary.ratings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('rating_id');


--
-- Name: ratings ratings_audit_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_audit_delete AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('rating_id');


--
-- Name: ratings ratings_audit_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_audit_truncate AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger();


--
-- Name: ratings ratings_audit_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_audit_update AFTER UPDATE ON diary.ratings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('rating_id');


--
-- Name: ratings ratings_forget_closed; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_forget_closed AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_closed('ratings');


--
-- Name: ratings ratings_forget_truncated; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_forget_truncated AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated('ratings');


--
-- Name: ratings ratings_know_closed; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_know_closed BEFORE INSERT ON diary.ratings FOR EACH ROW WHEN ((current_setting('diary.rows_are_own'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION diary.know_closed_rating();


--
-- Name: ratings ratings_know_closed_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_know_closed_update BEFORE UPDATE OF rating_id ON diary.ratings FOR EACH ROW WHEN ((new.rating_id <> old.rating_id)) EXECUTE FUNCTION diary.know_closed_rating();


--
-- Name: ratings ratings_live_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_live_delete AFTER DELETE ON diary.ratings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();


--
-- Name: ratings ratings_live_insert; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_live_insert AFTER INSERT ON diary.ratings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();


--
-- Name: ratings ratings_live_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_live_truncate AFTER TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated();


--
-- Name: ratings ratings_live_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_live_update AFTER UPDATE ON diary.ratings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.ratings_changed();


--
-- Name: ratings ratings_refuse_moved; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_refuse_moved BEFORE DELETE OR UPDATE ON diary.ratings FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION diary.refuse_moved();


--
-- Name: ratings ratings_truncate_begins; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER ratings_truncate_begins BEFORE TRUNCATE ON diary.ratings FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins();


--
-- Name: routes routes_audit; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_audit AFTER INSERT ON diary.routes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('route_id');


--
-- Name: routes routes_audit_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_audit_delete AFTER DELETE ON diary.routes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('route_id');


--
-- Name: routes routes_audit_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_audit_truncate AFTER TRUNCATE ON diary.routes FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger();


--
-- Name: routes routes_audit_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_audit_update AFTER UPDATE ON diary.routes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('route_id');


--
-- Name: routes routes_mirror_segments; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_mirror_segments AFTER INSERT OR UPDATE ON diary.routes FOR EACH ROW EXECUTE FUNCTION diary.mirror_route_segments();


--
-- Name: routes routes_updated_at; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER routes_updated_at BEFORE UPDATE ON diary.routes FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();


--
-- Name: segments segments_delete_alone; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_delete_alone BEFORE DELETE ON diary.segments FOR EACH STATEMENT EXECUTE FUNCTION analytics.delete_alone();


--
-- Name: segments segments_fill_nodes; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_fill_nodes BEFORE INSERT ON diary.segments FOR EACH ROW WHEN (((new.source_node IS NULL) OR (new.target_node IS NULL) OR (new.source_node < 0) OR (new.target_node < 0))) EXECUTE FUNCTION diary.fill_nodes();


--
-- Name: segments segments_live_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_live_delete AFTER DELETE ON diary.segments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();


--
-- Name: segments segments_live_insert; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_live_insert AFTER INSERT ON diary.segments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();


--
-- Name: segments segments_live_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_live_truncate AFTER TRUNCATE ON diary.segments FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();


--
-- Name: segments segments_live_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_live_update AFTER UPDATE ON diary.segments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.segments_changed();


--
-- Name: segments segments_refill_nodes; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_refill_nodes BEFORE UPDATE OF geometry, source_node, target_node ON diary.segments FOR EACH ROW WHEN (((new.source_node < 0) OR (new.target_node < 0))) EXECUTE FUNCTION diary.fill_nodes();


--
-- Name: segments segments_updated_at; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER segments_updated_at BEFORE UPDATE ON diary.segments FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();


--
-- Name: votes votes_audit; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_audit AFTER INSERT ON diary.votes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('vote_id');


--
-- Name: votes votes_audit_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_audit_delete AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('vote_id');


--
-- Name: votes votes_audit_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_audit_truncate AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger();


--
-- Name: votes votes_audit_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_audit_update AFTER UPDATE ON diary.votes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit.audit_trigger('vote_id');


--
-- Name: votes votes_forget_closed; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_forget_closed AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_closed('votes');


--
-- Name: votes votes_forget_truncated; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_forget_truncated AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION diary.forget_truncated('votes');


--
-- Name: votes votes_know_closed; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_know_closed BEFORE INSERT ON diary.votes FOR EACH ROW WHEN ((current_setting('diary.rows_are_own'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION diary.know_closed_vote();


--
-- Name: votes votes_know_closed_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_know_closed_update BEFORE UPDATE OF vote_id ON diary.votes FOR EACH ROW WHEN ((new.vote_id <> old.vote_id)) EXECUTE FUNCTION diary.know_closed_vote();


--
-- Name: votes votes_live_delete; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_live_delete AFTER DELETE ON diary.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();


--
-- Name: votes votes_live_insert; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_live_insert AFTER INSERT ON diary.votes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();


--
-- Name: votes votes_live_truncate; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_live_truncate AFTER TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION analytics.samples_truncated();


--
-- Name: votes votes_live_update; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_live_update AFTER UPDATE ON diary.votes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION analytics.votes_changed();


--
-- Name: votes votes_refuse_moved; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_refuse_moved BEFORE DELETE OR UPDATE ON diary.votes FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION diary.refuse_moved();


--
-- Name: votes votes_truncate_begins; Type: TRIGGER; Schema: diary; Owner: -
--

CREATE TRIGGER votes_truncate_begins BEFORE TRUNCATE ON diary.votes FOR EACH STATEMENT EXECUTE FUNCTION diary.truncate_begins();


--
-- Name: score_history score_history_segment_id_fkey; Type: FK CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.score_history
    ADD CONSTRAINT score_history_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: segment_state segment_state_segment_id_fkey; Type: FK CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.segment_state
    ADD CONSTRAINT segment_state_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: segment_tag segment_tag_segment_id_fkey; Type: FK CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.segment_tag
    ADD CONSTRAINT segment_tag_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES analytics.segment_state(segment_id) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: batch batch_epoch_fkey; Type: FK CONSTRAINT; Schema: audit; Owner: -
--

ALTER TABLE ONLY audit.batch
    ADD CONSTRAINT batch_epoch_fkey FOREIGN KEY (epoch) REFERENCES diary.epoch(epoch);


--
-- Name: revoked_tokens revoked_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: auth; Owner: -
--

ALTER TABLE ONLY auth.revoked_tokens
    ADD CONSTRAINT revoked_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE;


--
-- Name: ratings ratings_route_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.ratings
    ADD CONSTRAINT ratings_route_id_fkey FOREIGN KEY (route_id) REFERENCES diary.routes(route_id) ON DELETE SET NULL;


--
-- Name: ratings ratings_segment_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.ratings
    ADD CONSTRAINT ratings_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON DELETE CASCADE;


--
-- Name: ratings ratings_user_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.ratings
    ADD CONSTRAINT ratings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE;


--
-- Name: route_segments route_segments_route_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.route_segments
    ADD CONSTRAINT route_segments_route_id_fkey FOREIGN KEY (route_id) REFERENCES diary.routes(route_id) ON DELETE CASCADE;


--
-- Name: route_segments route_segments_segment_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.route_segments
    ADD CONSTRAINT route_segments_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id);


--
-- Name: routes routes_user_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.routes
    ADD CONSTRAINT routes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE;


--
-- Name: votes votes_segment_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.votes
    ADD CONSTRAINT votes_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES diary.segments(segment_id) ON DELETE CASCADE;


--
-- Name: votes votes_user_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.votes
    ADD CONSTRAINT votes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE;


--
-- Name: withdrawn_ratings withdrawn_ratings_user_id_fkey; Type: FK CONSTRAINT; Schema: diary; Owner: -
--

ALTER TABLE ONLY diary.withdrawn_ratings
    ADD CONSTRAINT withdrawn_ratings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(user_id) ON DELETE CASCADE;


--
-- Name: routes; Type: ROW SECURITY; Schema: diary; Owner: -
--

ALTER TABLE diary.routes ENABLE ROW LEVEL SECURITY;

--
-- Name: routes routes_public_visible; Type: POLICY; Schema: diary; Owner: -
--

CREATE POLICY routes_public_visible ON diary.routes FOR SELECT USING ((is_public = true));


--
-- Name: routes routes_report; Type: POLICY; Schema: diary; Owner: -
--

CREATE POLICY routes_report ON diary.routes FOR SELECT TO diary_owner USING ((current_setting('diary.reporting'::text, true) = 'on'::text));


--
-- Name: routes routes_user_isolation; Type: POLICY; Schema: diary; Owner: -
--

CREATE POLICY routes_user_isolation ON diary.routes USING ((user_id = auth.current_user_id())) WITH CHECK ((user_id = auth.current_user_id()));


--
-- Name: SCHEMA analytics; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA analytics TO diary_app;
GRANT USAGE ON SCHEMA analytics TO diary_analyst;


--
-- Name: SCHEMA audit; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA audit TO diary_app;


--
-- Name: SCHEMA auth; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA auth TO diary_app;


--
-- Name: SCHEMA diary; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA diary TO diary_app;
GRANT USAGE ON SCHEMA diary TO diary_analyst;


--
-- Name: FUNCTION advance_windows(p_limit integer); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.advance_windows(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.advance_windows(p_limit integer) TO diary_app;


--
-- Name: FUNCTION cell_box(p_west double precision, p_south double precision, x integer, y integer, p_width double precision, p_height double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.cell_box(p_west double precision, p_south double precision, x integer, y integer, p_width double precision, p_height double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.cell_box(p_west double precision, p_south double precision, x integer, y integer, p_width double precision, p_height double precision) TO diary_app;


--
-- Name: FUNCTION cell_height(p_lat double precision, p_metres double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.cell_height(p_lat double precision, p_metres double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.cell_height(p_lat double precision, p_metres double precision) TO diary_app;


--
-- Name: FUNCTION cell_width(p_lat double precision, p_metres double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.cell_width(p_lat double precision, p_metres double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.cell_width(p_lat double precision, p_metres double precision) TO diary_app;


--
-- Name: FUNCTION clusters(p_k integer, p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.clusters(p_k integer, p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.clusters(p_k integer, p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) TO diary_app;


--
-- Name: FUNCTION confident_segments(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_limit integer); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.confident_segments(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.confident_segments(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_limit integer) TO diary_app;


--
-- Name: FUNCTION correct_state(p_segment character varying, p_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.correct_state(p_segment character varying, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.correct_state(p_segment character varying, p_at timestamp with time zone) TO diary_app;
GRANT ALL ON FUNCTION analytics.correct_state(p_segment character varying, p_at timestamp with time zone) TO diary_analyst;


--
-- Name: FUNCTION coverage(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.coverage(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.coverage(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision) TO diary_app;


--
-- Name: FUNCTION coverage_cells(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.coverage_cells(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.coverage_cells(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision, p_cell_m double precision) TO diary_app;


--
-- Name: TABLE ratings; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.ratings TO diary_app;


--
-- Name: COLUMN ratings.segment_id; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(segment_id) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.rating; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(rating) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.tags; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(tags) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.submitted_at; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(submitted_at) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.received_at; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(received_at) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.device; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(device) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.source; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(source) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: COLUMN ratings.status; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(status) ON TABLE diary.ratings TO diary_analyst;


--
-- Name: TABLE segments; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.segments TO diary_app;
GRANT SELECT ON TABLE diary.segments TO diary_analyst;


--
-- Name: TABLE votes; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.votes TO diary_app;


--
-- Name: COLUMN votes.segment_id; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(segment_id) ON TABLE diary.votes TO diary_analyst;


--
-- Name: COLUMN votes.action; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(action) ON TABLE diary.votes TO diary_analyst;


--
-- Name: COLUMN votes.implicit_rating; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(implicit_rating) ON TABLE diary.votes TO diary_analyst;


--
-- Name: COLUMN votes.submitted_at; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(submitted_at) ON TABLE diary.votes TO diary_analyst;


--
-- Name: COLUMN votes.received_at; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT(received_at) ON TABLE diary.votes TO diary_analyst;


--
-- Name: TABLE segment_aggregates; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.segment_aggregates TO diary_app;
GRANT SELECT ON TABLE analytics.segment_aggregates TO diary_analyst;


--
-- Name: TABLE coverage_grid; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.coverage_grid TO diary_app;
GRANT SELECT ON TABLE analytics.coverage_grid TO diary_analyst;


--
-- Name: FUNCTION coverage_grid_fresh(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.coverage_grid_fresh() FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.coverage_grid_fresh() TO diary_app;


--
-- Name: FUNCTION crossings_sql(p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.crossings_sql(p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION delete_alone(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.delete_alone() FROM PUBLIC;


--
-- Name: FUNCTION dropped_months(p_parent text); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.dropped_months(p_parent text) FROM PUBLIC;


--
-- Name: FUNCTION fold(p_segments character varying[], p_values numeric[], p_times timestamp with time zone[], p_signs integer[], p_tagged boolean); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.fold(p_segments character varying[], p_values numeric[], p_times timestamp with time zone[], p_signs integer[], p_tagged boolean) FROM PUBLIC;


--
-- Name: FUNCTION fold_tags(p_segments character varying[], p_tags text[], p_times timestamp with time zone[], p_signs integer[]); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.fold_tags(p_segments character varying[], p_tags text[], p_times timestamp with time zone[], p_signs integer[]) FROM PUBLIC;


--
-- Name: FUNCTION forward_weight(t timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.forward_weight(t timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.forward_weight(t timestamp with time zone) TO diary_app;
GRANT ALL ON FUNCTION analytics.forward_weight(t timestamp with time zone) TO diary_analyst;


--
-- Name: FUNCTION heal(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.heal() FROM PUBLIC;


--
-- Name: FUNCTION lock_in_order(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.lock_in_order() FROM PUBLIC;


--
-- Name: FUNCTION month_doubts(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.month_doubts() FROM PUBLIC;


--
-- Name: FUNCTION next_event(t timestamp with time zone, cursor_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.next_event(t timestamp with time zone, cursor_at timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION own_xid(p_xid xid8); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.own_xid(p_xid xid8) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.own_xid(p_xid xid8) TO diary_app;


--
-- Name: FUNCTION ratings_changed(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.ratings_changed() FROM PUBLIC;


--
-- Name: FUNCTION rebuild_segment_state(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.rebuild_segment_state() FROM PUBLIC;


--
-- Name: FUNCTION record_scores(p_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.record_scores(p_at timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION refresh_view(p_view text, p_max_age interval); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.refresh_view(p_view text, p_max_age interval) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.refresh_view(p_view text, p_max_age interval) TO diary_app;


--
-- Name: FUNCTION refuse_duplicate(p_constraint text, p_user uuid, p_segment character varying, p_at timestamp with time zone, p_other timestamp with time zone, p_span text); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.refuse_duplicate(p_constraint text, p_user uuid, p_segment character varying, p_at timestamp with time zone, p_other timestamp with time zone, p_span text) FROM PUBLIC;


--
-- Name: FUNCTION route_members(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.route_members() FROM PUBLIC;


--
-- Name: FUNCTION sample_sql(p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.sample_sql(p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION samples_truncated(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.samples_truncated() FROM PUBLIC;


--
-- Name: FUNCTION schedule_reports(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.schedule_reports() FROM PUBLIC;


--
-- Name: FUNCTION segment_live(p_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.segment_live(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.segment_live(p_at timestamp with time zone) TO diary_app;
GRANT ALL ON FUNCTION analytics.segment_live(p_at timestamp with time zone) TO diary_analyst;


--
-- Name: FUNCTION segments_changed(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.segments_changed() FROM PUBLIC;


--
-- Name: FUNCTION sync_segments(p_since pg_snapshot); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.sync_segments(p_since pg_snapshot) FROM PUBLIC;
GRANT ALL ON FUNCTION analytics.sync_segments(p_since pg_snapshot) TO diary_app;


--
-- Name: FUNCTION tags_at(p_segment character varying, p_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.tags_at(p_segment character varying, p_at timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION true_cursor(p_advanced_at timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.true_cursor(p_advanced_at timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION unschedule_reports(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.unschedule_reports() FROM PUBLIC;


--
-- Name: FUNCTION use_timescale(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.use_timescale() FROM PUBLIC;


--
-- Name: FUNCTION votes_changed(); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.votes_changed() FROM PUBLIC;


--
-- Name: FUNCTION window_shift(p_segment character varying, p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: analytics; Owner: -
--

REVOKE ALL ON FUNCTION analytics.window_shift(p_segment character varying, p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;


--
-- Name: FUNCTION audit_trigger(); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.audit_trigger() FROM PUBLIC;


--
-- Name: FUNCTION broken_batches(p_batch_id bigint, p_hash bytea); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.broken_batches(p_batch_id bigint, p_hash bytea) FROM PUBLIC;


--
-- Name: FUNCTION count_rows(p_epoch integer, p_from xid8, p_upto xid8); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.count_rows(p_epoch integer, p_from xid8, p_upto xid8) FROM PUBLIC;


--
-- Name: FUNCTION erase(p_user uuid); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.erase(p_user uuid) FROM PUBLIC;


--
-- Name: FUNCTION erased_digest(p_user uuid); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.erased_digest(p_user uuid) FROM PUBLIC;


--
-- Name: FUNCTION head(); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.head() FROM PUBLIC;
GRANT ALL ON FUNCTION audit.head() TO diary_app;


--
-- Name: FUNCTION let_go(p_keep interval, p_limit integer); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.let_go(p_keep interval, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION audit.let_go(p_keep interval, p_limit integer) TO diary_app;


--
-- Name: FUNCTION rows_hash(p_previous bytea, p_epoch integer, p_from xid8, p_upto xid8); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.rows_hash(p_previous bytea, p_epoch integer, p_from xid8, p_upto xid8) FROM PUBLIC;


--
-- Name: FUNCTION seal(); Type: ACL; Schema: audit; Owner: -
--

REVOKE ALL ON FUNCTION audit.seal() FROM PUBLIC;
GRANT ALL ON FUNCTION audit.seal() TO diary_app;


--
-- Name: FUNCTION begin_session(p_user uuid, p_token character varying, p_issued_at timestamp with time zone); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.begin_session(p_user uuid, p_token character varying, p_issued_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.begin_session(p_user uuid, p_token character varying, p_issued_at timestamp with time zone) TO diary_app;


--
-- Name: FUNCTION change_account(p_changes jsonb, p_hash character varying); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.change_account(p_changes jsonb, p_hash character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.change_account(p_changes jsonb, p_hash character varying) TO diary_app;


--
-- Name: FUNCTION current_user_id(); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.current_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.current_user_id() TO diary_app;
GRANT ALL ON FUNCTION auth.current_user_id() TO diary_analyst;


--
-- Name: FUNCTION delete_account(p_hash character varying); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.delete_account(p_hash character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.delete_account(p_hash character varying) TO diary_app;


--
-- Name: FUNCTION export_account(); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.export_account() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.export_account() TO diary_app;


--
-- Name: FUNCTION logged_in(p_user uuid, p_hash character varying, p_rehash character varying); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.logged_in(p_user uuid, p_hash character varying, p_rehash character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.logged_in(p_user uuid, p_hash character varying, p_rehash character varying) TO diary_app;


--
-- Name: FUNCTION own_credentials(); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.own_credentials() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.own_credentials() TO diary_app;


--
-- Name: FUNCTION password_hash_of(p_email character varying); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.password_hash_of(p_email character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.password_hash_of(p_email character varying) TO diary_app;


--
-- Name: FUNCTION prune_revoked_tokens(); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.prune_revoked_tokens() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.prune_revoked_tokens() TO diary_app;


--
-- Name: FUNCTION register(p_email character varying, p_password_hash character varying, p_display_name character varying); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.register(p_email character varying, p_password_hash character varying, p_display_name character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.register(p_email character varying, p_password_hash character varying, p_display_name character varying) TO diary_app;


--
-- Name: FUNCTION revoke_token(p_token character varying, p_expires_at timestamp with time zone); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.revoke_token(p_token character varying, p_expires_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.revoke_token(p_token character varying, p_expires_at timestamp with time zone) TO diary_app;


--
-- Name: FUNCTION samples_of(p_user uuid, p_parent text); Type: ACL; Schema: auth; Owner: -
--

REVOKE ALL ON FUNCTION auth.samples_of(p_user uuid, p_parent text) FROM PUBLIC;


--
-- Name: FUNCTION align_partition(p_parent text, p_child text); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.align_partition(p_parent text, p_child text) FROM PUBLIC;


--
-- Name: FUNCTION align_partitions(p_triggers boolean); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.align_partitions(p_triggers boolean) FROM PUBLIC;


--
-- Name: FUNCTION be_in_epoch(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.be_in_epoch() FROM PUBLIC;


--
-- Name: FUNCTION change_month(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.change_month() FROM PUBLIC;


--
-- Name: FUNCTION close_months(p_limit integer); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.close_months(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.close_months(p_limit integer) TO diary_app;


--
-- Name: FUNCTION close_some(p_parent text, p_before timestamp with time zone, p_limit bigint); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.close_some(p_parent text, p_before timestamp with time zone, p_limit bigint) FROM PUBLIC;


--
-- Name: FUNCTION closed_rating(p_id uuid, p_month date); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.closed_rating(p_id uuid, p_month date) FROM PUBLIC;


--
-- Name: FUNCTION closed_vote(p_id uuid, p_month date); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.closed_vote(p_id uuid, p_month date) FROM PUBLIC;


--
-- Name: FUNCTION detach_months(p_keep interval); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.detach_months(p_keep interval) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.detach_months(p_keep interval) TO diary_app;


--
-- Name: FUNCTION enter_epoch(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.enter_epoch() FROM PUBLIC;


--
-- Name: FUNCTION fill_nodes(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.fill_nodes() FROM PUBLIC;


--
-- Name: FUNCTION fold_text(value text); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.fold_text(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.fold_text(value text) TO diary_app;


--
-- Name: FUNCTION forget_closed(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.forget_closed() FROM PUBLIC;


--
-- Name: FUNCTION forget_truncated(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.forget_truncated() FROM PUBLIC;


--
-- Name: FUNCTION hold_moves(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.hold_moves() FROM PUBLIC;


--
-- Name: FUNCTION hold_own_routes(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.hold_own_routes() FROM PUBLIC;
GRANT ALL ON FUNCTION diary.hold_own_routes() TO diary_app;


--
-- Name: FUNCTION join_segments(p_segment_ids text[], OUT unknown_at integer, OUT break_at integer, OUT gap_m double precision, OUT length_m numeric, OUT avg_safety numeric, OUT line public.geometry); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.join_segments(p_segment_ids text[], OUT unknown_at integer, OUT break_at integer, OUT gap_m double precision, OUT length_m numeric, OUT avg_safety numeric, OUT line public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.join_segments(p_segment_ids text[], OUT unknown_at integer, OUT break_at integer, OUT gap_m double precision, OUT length_m numeric, OUT avg_safety numeric, OUT line public.geometry) TO diary_app;


--
-- Name: FUNCTION know_closed_rating(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.know_closed_rating() FROM PUBLIC;


--
-- Name: FUNCTION know_closed_vote(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.know_closed_vote() FROM PUBLIC;


--
-- Name: FUNCTION load_staged_segments(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.load_staged_segments() FROM PUBLIC;


--
-- Name: FUNCTION make_partition(p_parent text, p_month date); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.make_partition(p_parent text, p_month date) FROM PUBLIC;


--
-- Name: FUNCTION make_partition_triggers(p_parent text, p_child text, p_live boolean); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.make_partition_triggers(p_parent text, p_child text, p_live boolean) FROM PUBLIC;


--
-- Name: FUNCTION make_partitions(p_ahead integer); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.make_partitions(p_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.make_partitions(p_ahead integer) TO diary_app;


--
-- Name: FUNCTION mirror_route_segments(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.mirror_route_segments() FROM PUBLIC;


--
-- Name: FUNCTION moderate_rating(p_id uuid, p_status character varying, p_reason text); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.moderate_rating(p_id uuid, p_status character varying, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.moderate_rating(p_id uuid, p_status character varying, p_reason text) TO diary_app;


--
-- Name: FUNCTION moving(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.moving() FROM PUBLIC;


--
-- Name: FUNCTION nearest_node(p_lng double precision, p_lat double precision); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.nearest_node(p_lng double precision, p_lat double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.nearest_node(p_lng double precision, p_lat double precision) TO diary_app;


--
-- Name: FUNCTION node_at(point public.geometry); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.node_at(point public.geometry) FROM PUBLIC;


--
-- Name: FUNCTION refuse_id(p_table text, p_key text, p_id uuid); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.refuse_id(p_table text, p_key text, p_id uuid) FROM PUBLIC;


--
-- Name: FUNCTION refuse_insert(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.refuse_insert() FROM PUBLIC;


--
-- Name: FUNCTION refuse_moved(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.refuse_moved() FROM PUBLIC;


--
-- Name: FUNCTION refuse_new_id(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.refuse_new_id() FROM PUBLIC;


--
-- Name: FUNCTION reopen_months(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.reopen_months() FROM PUBLIC;


--
-- Name: FUNCTION require(p_parameter text, p_fits boolean, p_rule text); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.require(p_parameter text, p_fits boolean, p_rule text) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.require(p_parameter text, p_fits boolean, p_rule text) TO diary_app;


--
-- Name: FUNCTION require_box(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.require_box(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.require_box(p_min_lng double precision, p_min_lat double precision, p_max_lng double precision, p_max_lat double precision) TO diary_app;


--
-- Name: FUNCTION route_astar(p_from_node bigint, p_to_node bigint, p_safety_weight numeric); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.route_astar(p_from_node bigint, p_to_node bigint, p_safety_weight numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.route_astar(p_from_node bigint, p_to_node bigint, p_safety_weight numeric) TO diary_app;


--
-- Name: FUNCTION route_astar(p_from_lng double precision, p_from_lat double precision, p_to_lng double precision, p_to_lat double precision, p_safety_weight numeric); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.route_astar(p_from_lng double precision, p_from_lat double precision, p_to_lng double precision, p_to_lat double precision, p_safety_weight numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.route_astar(p_from_lng double precision, p_from_lat double precision, p_to_lng double precision, p_to_lat double precision, p_safety_weight numeric) TO diary_app;


--
-- Name: FUNCTION route_safety(p_segment_ids text[]); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.route_safety(p_segment_ids text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.route_safety(p_segment_ids text[]) TO diary_app;


--
-- Name: FUNCTION search_comments(p_query text, p_limit integer, p_before timestamp with time zone, p_before_id uuid); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.search_comments(p_query text, p_limit integer, p_before timestamp with time zone, p_before_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.search_comments(p_query text, p_limit integer, p_before timestamp with time zone, p_before_id uuid) TO diary_app;


--
-- Name: FUNCTION search_streets(p_query text, p_limit integer); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.search_streets(p_query text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.search_streets(p_query text, p_limit integer) TO diary_app;


--
-- Name: FUNCTION submit_ratings(p_rows json, p_per_hour integer); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.submit_ratings(p_rows json, p_per_hour integer) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.submit_ratings(p_rows json, p_per_hour integer) TO diary_app;


--
-- Name: FUNCTION submit_votes(p_rows json, p_per_hour integer); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.submit_votes(p_rows json, p_per_hour integer) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.submit_votes(p_rows json, p_per_hour integer) TO diary_app;


--
-- Name: FUNCTION truncate_begins(); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.truncate_begins() FROM PUBLIC;


--
-- Name: FUNCTION withdraw_rating(p_id uuid); Type: ACL; Schema: diary; Owner: -
--

REVOKE ALL ON FUNCTION diary.withdraw_rating(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION diary.withdraw_rating(p_id uuid) TO diary_app;


--
-- Name: FUNCTION calculate_segment_cost(length_m numeric, decayed_mean numeric, safety_weight numeric); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.calculate_segment_cost(length_m numeric, decayed_mean numeric, safety_weight numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION public.calculate_segment_cost(length_m numeric, decayed_mean numeric, safety_weight numeric) TO diary_app;
GRANT ALL ON FUNCTION public.calculate_segment_cost(length_m numeric, decayed_mean numeric, safety_weight numeric) TO diary_analyst;


--
-- Name: FUNCTION update_updated_at(); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.update_updated_at() FROM PUBLIC;


--
-- Name: TABLE sample; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.sample TO diary_app;
GRANT SELECT ON TABLE analytics.sample TO diary_analyst;


--
-- Name: TABLE segment_change; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.segment_change TO diary_app;


--
-- Name: TABLE segment_state; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.segment_state TO diary_app;


--
-- Name: TABLE segment_live; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.segment_live TO diary_app;
GRANT SELECT ON TABLE analytics.segment_live TO diary_analyst;


--
-- Name: TABLE partition; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.partition TO diary_app;


--
-- Name: TABLE city; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.city TO diary_app;
GRANT SELECT ON TABLE diary.city TO diary_analyst;


--
-- Name: COLUMN trend_daily.route_id; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(route_id) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.date; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(date) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.mean_rating; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(mean_rating) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.std_error; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(std_error) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.n_samples; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(n_samples) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.confidence; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(confidence) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: COLUMN trend_daily.computed_at; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT(computed_at) ON TABLE analytics.trend_daily TO diary_app;


--
-- Name: TABLE routes; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE diary.routes TO diary_app;


--
-- Name: TABLE public_route_trend; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.public_route_trend TO diary_analyst;


--
-- Name: TABLE refresh_log; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.refresh_log TO diary_app;
GRANT SELECT ON TABLE analytics.refresh_log TO diary_analyst;


--
-- Name: TABLE route_trend; Type: ACL; Schema: analytics; Owner: -
--

GRANT SELECT ON TABLE analytics.route_trend TO diary_app;


--
-- Name: COLUMN users.user_id; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(user_id) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.email; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(email) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.display_name; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(display_name) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.avatar_url; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(avatar_url) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.is_active; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(is_active) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.email_verified; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(email_verified) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.created_at; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(created_at) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.last_login_at; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(last_login_at) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.api_tier; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(api_tier) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.role; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(role) ON TABLE auth.users TO diary_app;


--
-- Name: COLUMN users.tokens_valid_from; Type: ACL; Schema: auth; Owner: -
--

GRANT SELECT(tokens_valid_from) ON TABLE auth.users TO diary_app;


--
-- Name: TABLE migration; Type: ACL; Schema: diary; Owner: -
--

GRANT SELECT ON TABLE diary.migration TO diary_app;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: -
--

ALTER DEFAULT PRIVILEGES FOR ROLE diary_owner REVOKE ALL ON FUNCTIONS  FROM PUBLIC;


--
-- PostgreSQL database dump complete
--


