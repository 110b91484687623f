-- The staging table of an import: gone with the transaction. No key: repeated ids are looked for once, at the end.
CREATE TEMP TABLE segment_staging (
  segment_id varchar(50) NOT NULL,
  street varchar(200) NOT NULL,
  neighborhood varchar(100),
  length_m numeric(8, 2) NOT NULL,
  geometry geometry(LineString, 4326) NOT NULL,
  source_node bigint,
  target_node bigint,
  access smallint NOT NULL,
  line bigint NOT NULL
) ON COMMIT DROP
