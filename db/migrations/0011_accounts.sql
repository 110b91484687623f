-- Sessions and roles of accounts, and what the audit log forgets of those who leave.

ALTER TABLE auth.users
  ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
  -- Tokens issued before are refused: the password was changed, or the account disabled. Whole seconds, as iat has.
  ADD COLUMN tokens_valid_from TIMESTAMPTZ;

-- Tokens that were given up before their time. Asked for by key with each request; pruned once expired.
CREATE TABLE auth.revoked_tokens (
  user_id UUID NOT NULL REFERENCES auth.users(user_id) ON DELETE CASCADE,
  token_id VARCHAR(100) NOT NULL,            -- the jti
  expires_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (user_id, token_id)
);
CREATE INDEX idx_revoked_tokens_expires ON auth.revoked_tokens (expires_at);

-- Audit rows whose contents were erased because the person left. row_hash is what they went into the chain with, so
-- that erasing what a row says about a person does not look like tampering, and changing it does.
CREATE TABLE audit.erased (
  log_id BIGINT PRIMARY KEY,
  row_hash BYTEA NOT NULL,
  erased_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- A person's rows, for the export and the erasure; and what they did to the rows of others.
CREATE INDEX idx_audit_log_user ON audit.log (user_id);
CREATE INDEX idx_audit_log_actor ON audit.log (actor_id) WHERE actor_id IS DISTINCT FROM user_id;
