-- Some defects of each cause, drawn by a hash, with what stands around them.
WITH
    drawn AS (
        SELECT unnest(arg_min({'page': page, 'ordinal': ordinal, 'cause': cause}, hash(page, ordinal), 40), recursive := true)
        FROM defect
        GROUP BY cause
    ),
    rows AS (
        SELECT file_index::BIGINT << 32 | file_row_number AS page, record, url, site, language, findings
        FROM archive
        WHERE file_index::BIGINT << 32 | file_row_number IN (SELECT page FROM drawn)
    )
SELECT
    drawn.cause,
    coalesce(rows.url, rows.record) AS page,
    coalesce(rows.site, '') AS site,
    coalesce(rows.language, '') AS language,
    rows.findings[drawn.ordinal].before AS before,
    rows.findings[drawn.ordinal].text AS text,
    rows.findings[drawn.ordinal].after AS after,
    rows.findings[drawn.ordinal].suggestion AS suggestion,
    rows.findings[drawn.ordinal].confidence AS confidence
FROM drawn
JOIN rows USING (page)
ORDER BY drawn.cause, hash(drawn.page, drawn.ordinal);
