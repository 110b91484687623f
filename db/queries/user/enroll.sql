-- $1 e-mail, $2 password hash, $3 display name or NULL. The new id, NULL when the e-mail is taken.
SELECT auth.register($1, $2, $3)
