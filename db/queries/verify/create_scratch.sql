-- $1: a name. The statement that makes an empty database of that name, with this one's encoding and locale.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', $1::text,
              pg_encoding_to_char(encoding), datcollate, datctype)
FROM pg_database WHERE datname = current_database()
