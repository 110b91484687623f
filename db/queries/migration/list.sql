-- What was applied: name, checksum, the checksums it had before.
SELECT name, checksum, array_to_string(former, ' ') FROM diary.migration ORDER BY name
