-- Months of ratings and votes: docs/adr/0006-partitions.md has the why, objects/025 and 085 the functions.

-- The tables of the months, attached (inheritance children of diary.ratings and diary.votes) or let go.
CREATE TABLE diary.partition (
  parent text NOT NULL CHECK (parent IN ('ratings', 'votes')),
  month date NOT NULL CHECK (extract(day FROM month) = 1),   -- of UTC
  child text NOT NULL UNIQUE,                                -- in schema diary
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  detached_at timestamptz,
  PRIMARY KEY (parent, month)
);

-- The ids of all rows in them: a key over all months, which no index on one of them could be.
CREATE TABLE diary.closed_ratings (
  id uuid PRIMARY KEY,
  month date NOT NULL
);
CREATE TABLE diary.closed_votes (
  id uuid PRIMARY KEY,
  month date NOT NULL
);

-- One row. moving is true only as the transaction that moves rows sees it itself; moves tells every other whether rows
-- were moved since its snapshot; the row's lock keeps them from being moved meanwhile.
CREATE TABLE diary.closing (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  moving boolean NOT NULL DEFAULT false,
  moves bigint NOT NULL DEFAULT 0
);
INSERT INTO diary.closing DEFAULT VALUES;
