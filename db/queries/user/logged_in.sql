-- Notes the login of user $1.
SELECT auth.logged_in($1::uuid)
