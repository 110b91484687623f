-- Moves the window cursors that are due, at most $1. How many were moved.
SELECT analytics.advance_windows($1::int)
