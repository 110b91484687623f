-- The audit log (specification 10.2) and the chain that makes tampering visible.
CREATE TABLE audit.log (
  log_id BIGSERIAL PRIMARY KEY,
  table_name TEXT NOT NULL,                  -- schema-qualified
  operation TEXT NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
  user_id UUID,                              -- whose row it is; NULL where the table has none
  old_data JSONB,
  new_data JSONB,
  changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  actor_id UUID,                             -- who did it, from the session; NULL for a person at psql
  db_role TEXT NOT NULL DEFAULT session_user,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX idx_audit_log_changed ON audit.log USING brin (changed_at);
CREATE INDEX idx_audit_log_txid ON audit.log (txid);

-- Sealing in batches after the fact needs no lock that writers would queue for. A batch covers the rows of the
-- transactions with txid in [from_txid, upto_txid), all of them over when it was sealed.
CREATE TABLE audit.batch (
  batch_id BIGSERIAL PRIMARY KEY,
  from_txid xid8 NOT NULL,
  upto_txid xid8 NOT NULL,
  row_count bigint NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,                       -- SHA-256 over the previous hash and every row's
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
