-- Lets go of the months that ended over $1 months ago. How many tables.
SELECT diary.detach_months(make_interval(months => $1::int))
