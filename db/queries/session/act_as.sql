-- The rest of this transaction acts for user $1 ('' for nobody): what row security and the audit log go by.
SELECT set_config('app.user_id', $1, true)
