-- Who may go along a street, and which way round. What is already there was imported as open to all.
ALTER TABLE diary.segments ADD COLUMN access SMALLINT NOT NULL DEFAULT 15 CHECK (access BETWEEN 0 AND 15);
COMMENT ON COLUMN diary.segments.access IS
  'Bits: 1 walk along the line, 2 walk against it, 4 cycle along it, 8 cycle against it (src/domain/access.hpp)';
