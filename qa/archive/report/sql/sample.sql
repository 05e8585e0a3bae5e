-- The first findings of each rule in an order that the seed alone decides, with what stands around them.
WITH
    ranked AS (
        SELECT page, ordinal, rule, cause, row_number() OVER (PARTITION BY rule ORDER BY md5('${seed} ' || page || ' ' || ordinal)) AS rank
        FROM defect
    ),
    drawn AS (SELECT * FROM ranked WHERE rank <= ${most}),
    rows AS (
        SELECT file_index::BIGINT << 32 | file_row_number AS page, record, source, url, site, language, findings
        FROM archive
        WHERE file_index::BIGINT << 32 | file_row_number IN (SELECT page FROM drawn)
    )
SELECT
    md5(rows.source || chr(10) || rows.record || chr(10) || drawn.ordinal)[:12] AS id,
    drawn.rule,
    drawn.cause,
    drawn.rank,
    coalesce(rows.language, '') AS language,
    coalesce(rows.site, '') AS site,
    coalesce(rows.url, '') AS url,
    rows.record,
    rows.source,
    rows.findings[drawn.ordinal].block AS block,
    rows.findings[drawn.ordinal].before AS before,
    rows.findings[drawn.ordinal].text AS text,
    rows.findings[drawn.ordinal].after AS after,
    coalesce(rows.findings[drawn.ordinal].suggestion, '') AS suggestion,
    round(rows.findings[drawn.ordinal].confidence, 3) AS confidence
FROM drawn
JOIN rows USING (page)
ORDER BY drawn.rule, drawn.rank;
