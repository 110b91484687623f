-- Rating $1 gets status $2 for reason $3; answers with the status before, or NULL. See db/objects/083_moderation.sql.
SELECT diary.moderate_rating($1::uuid, $2, $3)
