-- The first id that the staged file names twice, with the lines (0: the format has none).
SELECT segment_id, min(line), max(line)
FROM segment_staging
GROUP BY segment_id
HAVING count(*) > 1
ORDER BY min(line), segment_id
LIMIT 1
