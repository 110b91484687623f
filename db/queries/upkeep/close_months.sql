-- Moves up to $1 rows of past months into the tables of those months. How many; 0 also when something is in the way.
SELECT diary.close_months($1::int)
