-- The database answers and has the schema.
SELECT count(*) FROM diary.city
