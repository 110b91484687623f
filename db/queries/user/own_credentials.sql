-- Id, e-mail and password hash of the account that the transaction acts for.
SELECT user_id, email, password_hash FROM auth.own_credentials()
