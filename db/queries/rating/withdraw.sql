-- The acting user takes rating $1 back; how many rows that were. See db/objects/083_moderation.sql.
SELECT diary.withdraw_rating($1::uuid)
