-- Staged segments into an empty diary.segments: how many; NULL when that is not to be, and upsert_staged.sql is.
SELECT diary.load_staged_segments()
