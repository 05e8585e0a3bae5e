-- Paragraphs with defects that stand on many pages, those first whose repair cures most.
WITH
    most AS (SELECT * FROM template ORDER BY defects DESC, pages DESC, block LIMIT ${most}),
    shown AS (
        SELECT
            defect.block,
            arg_min({'page': page, 'ordinal': ordinal}, (page, ordinal)) AS first,
            mode(cause) AS cause,
            count(DISTINCT site) AS sites,
            mode(site) AS site,
            mode(language) AS language
        FROM defect
        SEMI JOIN most USING (block)
        GROUP BY defect.block
    ),
    rows AS (
        SELECT file_index::BIGINT << 32 | file_row_number AS page, record, url, findings
        FROM archive
        WHERE file_index::BIGINT << 32 | file_row_number IN (SELECT first.page FROM shown)
    )
SELECT
    most.block,
    most.pages,
    most.defects,
    shown.cause,
    shown.sites,
    shown.site,
    shown.language,
    coalesce(rows.url, rows.record) AS page,
    rows.findings[shown.first.ordinal].before AS before,
    rows.findings[shown.first.ordinal].text AS text,
    rows.findings[shown.first.ordinal].after AS after,
    rows.findings[shown.first.ordinal].suggestion AS suggestion
FROM most
JOIN shown USING (block)
JOIN rows ON rows.page = shown.first.page
ORDER BY most.defects DESC, most.pages DESC, most.block;
