-- Recounts every live sum; one row for each that had drifted.
SELECT segment_id, what, stored, counted FROM analytics.rebuild_segment_state()
