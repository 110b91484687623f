-- Helper functions of specification 5, under their unqualified names.

CREATE OR REPLACE FUNCTION public.update_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := clock_timestamp();   -- NOW() stands still inside a transaction
  RETURN NEW;
END $$;

-- length_m * (1 + w * (5 - rating) / 5). Negative weights would give negative costs: floored at 0. No rating: 3.0.
-- A single SQL expression, so that the planner inlines it.
CREATE OR REPLACE FUNCTION public.calculate_segment_cost(
  length_m NUMERIC, decayed_mean NUMERIC, safety_weight NUMERIC DEFAULT 0.5)
RETURNS NUMERIC LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT length_m * (1.0 + GREATEST(safety_weight, 0.0) * (5.0 - COALESCE(decayed_mean, 3.0)) / 5.0)
$$;

-- The user the transaction acts for. Unset, empty (left behind on a pooled connection) or no UUID at all: nobody.
CREATE OR REPLACE FUNCTION auth.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN current_setting('app.user_id', true) ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
              THEN current_setting('app.user_id', true)::uuid END
$$;

-- A street end's id where the source has none: the coordinates themselves at 1e-7 degrees, packed into 63 bits and
-- made negative. Equal ends share it, different ones never do, and no id of OpenStreetMap is negative.
CREATE OR REPLACE FUNCTION diary.node_at(point geometry) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT -1 - (((round(public.ST_X(point) * 1e7)::bigint + 1800000000) << 31)
             | (round(public.ST_Y(point) * 1e7)::bigint + 900000000))
$$;

CREATE OR REPLACE FUNCTION diary.fill_nodes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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

CREATE OR REPLACE TRIGGER segments_updated_at BEFORE UPDATE ON diary.segments
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE OR REPLACE TRIGGER routes_updated_at BEFORE UPDATE ON diary.routes
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
-- Skipped for imports that bring their own nodes.
CREATE OR REPLACE TRIGGER segments_fill_nodes BEFORE INSERT ON diary.segments
  FOR EACH ROW WHEN (NEW.source_node IS NULL OR NEW.target_node IS NULL OR NEW.source_node < 0 OR NEW.target_node < 0)
  EXECUTE FUNCTION diary.fill_nodes();
CREATE OR REPLACE TRIGGER segments_refill_nodes BEFORE UPDATE OF geometry, source_node, target_node ON diary.segments
  FOR EACH ROW WHEN (NEW.source_node < 0 OR NEW.target_node < 0)
  EXECUTE FUNCTION diary.fill_nodes();

CREATE OR REPLACE FUNCTION diary.mirror_route_segments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
CREATE OR REPLACE TRIGGER routes_mirror_segments AFTER INSERT OR UPDATE ON diary.routes
  FOR EACH ROW EXECUTE FUNCTION diary.mirror_route_segments();
