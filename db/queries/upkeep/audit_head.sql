-- The newest batch of the audit chain: id and hash in hex. No row before the first.
SELECT batch_id, encode(hash, 'hex') FROM audit.head()
