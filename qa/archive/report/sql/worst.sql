-- The pages with most defects.
WITH
    most AS (SELECT id, defects, words FROM page WHERE defects > 0 ORDER BY defects DESC, words, id LIMIT ${most}),
    led AS (SELECT page, mode(cause) AS cause FROM defect SEMI JOIN most ON most.id = defect.page GROUP BY page),
    rows AS (
        SELECT file_index::BIGINT << 32 | file_row_number AS id, record, source, url, site, language, date
        FROM archive
        WHERE file_index::BIGINT << 32 | file_row_number IN (SELECT id FROM most)
    )
SELECT
    coalesce(rows.url, rows.record) AS page,
    rows.record,
    rows.source,
    rows.url,
    coalesce(rows.site, '') AS site,
    coalesce(rows.language, '') AS language,
    rows.date,
    most.words,
    most.defects,
    led.cause
FROM most
JOIN rows USING (id)
JOIN led ON led.page = most.id
ORDER BY most.defects DESC, most.words, most.id;
