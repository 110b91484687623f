-- What was applied to this database, migrations and objects alike.
CREATE TABLE IF NOT EXISTS diary.migration (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  former text[] NOT NULL DEFAULT '{}',
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
