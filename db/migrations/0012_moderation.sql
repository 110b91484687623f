-- What moderators and people who take a rating back leave behind.

-- Why a moderator decided so. In the rating's own row: it goes when the rating goes, and the audit log has it with the
-- change that it explains.
ALTER TABLE diary.ratings ADD COLUMN moderation_reason TEXT CHECK (LENGTH(moderation_reason) <= 500);

-- The few among many; those that wait have an index already.
CREATE INDEX idx_ratings_rejected ON diary.ratings (submitted_at DESC) WHERE status = 'rejected';

-- Ratings that their authors took back: nothing of what they said. The id stays taken, so that a late retry of the
-- submission does not bring the rating back; and what was submitted within the hour goes on counting as such.
CREATE TABLE diary.withdrawn_ratings (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users(user_id) ON DELETE CASCADE,
  route_id uuid,   -- the rows of a rated route are one submission, by this and their common time; may be gone
  submitted_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX idx_withdrawn_ratings_user ON diary.withdrawn_ratings (user_id, received_at);

-- The months that there are already get their index as well.
DO $$
BEGIN
  IF to_regprocedure('diary.align_partitions(boolean)') IS NOT NULL THEN PERFORM diary.align_partitions(); END IF;
END $$;
