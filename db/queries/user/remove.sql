-- Deletes the account that the transaction acts for, if its password's hash is still $1. Whether it was.
SELECT auth.delete_account($1)
