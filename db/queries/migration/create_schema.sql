-- Where the table of migrations stands.
CREATE SCHEMA IF NOT EXISTS diary
