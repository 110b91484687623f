-- $1 name, $2 checksum. Applying an object's new text keeps the old checksum: a binary that carries it is older.
INSERT INTO diary.migration AS m (name, checksum) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE
SET former = array_append(array_remove(m.former, EXCLUDED.checksum), m.checksum), checksum = EXCLUDED.checksum,
    applied_at = clock_timestamp()
