-- $1: a name. The statement that removes the database of that name.
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)
