-- Pages in an order that the seed alone decides.
WITH drawn AS (
    SELECT id FROM page WHERE status = 'checked' ORDER BY md5('${seed} page ' || id), id LIMIT ${most}
)
SELECT source, record
FROM archive
WHERE file_index::BIGINT << 32 | file_row_number IN (SELECT id FROM drawn)
ORDER BY source, record;
