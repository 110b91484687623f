-- Staged segments into diary.segments. Rows that do not differ are not touched, so that neither their updated_at nor
-- the change feed moves; nor are scores. One join finds those that do: an upsert of all would lock and mark each row
-- that stays. The upsert asks once more, since a row may have changed or come meanwhile. Nodes derived from the ends
-- (NULL in the staging table) were filled in by the table's trigger by the time EXCLUDED is compared.
WITH differing AS (
  SELECT n.segment_id, n.street, n.neighborhood, n.length_m, n.geometry, n.source_node, n.target_node, n.access
  FROM segment_staging n
  LEFT JOIN diary.segments s ON s.segment_id = n.segment_id
  WHERE s.segment_id IS NULL
     OR (s.street, s.neighborhood, s.length_m, s.source_node, s.target_node, s.access)
        IS DISTINCT FROM
        (n.street, n.neighborhood, n.length_m,
         CASE WHEN n.source_node >= 0 THEN n.source_node ELSE diary.node_at(ST_StartPoint(n.geometry)) END,
         CASE WHEN n.target_node >= 0 THEN n.target_node ELSE diary.node_at(ST_EndPoint(n.geometry)) END, n.access)
     OR NOT ST_OrderingEquals(s.geometry, n.geometry)
), written AS (
  INSERT INTO diary.segments AS s (segment_id, street, neighborhood, length_m, geometry, source_node, target_node,
                                   access)
  SELECT segment_id, street, neighborhood, length_m, geometry, source_node, target_node, access
  FROM differing
  ON CONFLICT (segment_id) DO UPDATE
  SET street = EXCLUDED.street, neighborhood = EXCLUDED.neighborhood, length_m = EXCLUDED.length_m,
      geometry = EXCLUDED.geometry, source_node = EXCLUDED.source_node, target_node = EXCLUDED.target_node,
      access = EXCLUDED.access
  WHERE (s.street, s.neighborhood, s.length_m, s.source_node, s.target_node, s.access)
        IS DISTINCT FROM
        (EXCLUDED.street, EXCLUDED.neighborhood, EXCLUDED.length_m, EXCLUDED.source_node, EXCLUDED.target_node,
         EXCLUDED.access)
     OR NOT ST_OrderingEquals(s.geometry, EXCLUDED.geometry)
  RETURNING xmax = 0 AS inserted
)
SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM written
