-- An import into an empty database as bulk loaders do it: the rows first, the indexes over all of them at once.

-- Moves pg_temp.segment_staging (queries/segment/stage.sql) into diary.segments and returns how many rows that were.
-- NULL: nothing was done, and the ordinary upsert has to. There are segments already, an id is staged twice, or
-- somebody is at work with the two tables: a backup reads them for minutes, and if this waited for it, every reader
-- behind would wait as well.
-- The indexes and the foreign key are taken from the catalogue and made again from their own definitions, so that no
-- list here has to follow the migrations. What has more to it than a definition stays and is kept up row by row.
-- The table's triggers do what they do for every INSERT.
CREATE OR REPLACE FUNCTION diary.load_staged_segments() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
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
