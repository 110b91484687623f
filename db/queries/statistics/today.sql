-- What day it is in the city.
SELECT to_char(now() AT TIME ZONE time_zone, 'YYYY-MM-DD') FROM diary.city
