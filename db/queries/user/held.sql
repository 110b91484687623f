-- All that is held about the user that the transaction acts for, as JSON.
SELECT auth.export_account()
