-- Notes the login of user $1 by the password behind hash $2; $3 takes its place unless NULL. False when the account was
-- disabled, or got another password, meanwhile.
SELECT auth.logged_in($1::uuid, $2, $3)
