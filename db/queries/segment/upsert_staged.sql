-- Staged segments into diary.segments. Rows that do not differ are not written, so that neither their updated_at nor
-- the change feed moves; nor are scores. Nodes derived from the ends (NULL in the staging table) were filled in by
-- the table's trigger by the time EXCLUDED is compared.
WITH written AS (
  INSERT INTO diary.segments AS s (segment_id, street, neighborhood, length_m, geometry, source_node, target_node,
                                   access)
  SELECT segment_id, street, neighborhood, length_m, geometry, source_node, target_node, access
  FROM segment_staging
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
