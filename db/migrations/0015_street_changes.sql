-- Names the transaction that changed the street itself last, beside the one that changed anything of it: a reader that has
-- the street in that form reads only its sums after a rating.
ALTER TABLE analytics.segment_change ADD COLUMN street_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
