-- Two tables that every other query reads: a row for each page, a row for each defect (what is only worth knowing is none).
-- They hold no text of the pages: what is shown of them is looked up afterwards, for the few rows that are shown.
CREATE TABLE page AS
SELECT
    file_index::BIGINT << 32 | file_row_number AS id,
    coalesce(site, '') AS site,
    coalesce(language, '') AS language,
    date_trunc('month', date)::DATE AS month,
    status,
    coalesce(reason, '') AS reason,
    CASE WHEN status = 'checked' THEN words ELSE 0 END AS words,
    len(list_filter(findings, lambda f: f.severity <> 'info'))::INTEGER AS defects
FROM archive;

CREATE TABLE defect AS
SELECT
    id AS page, ordinal, site, language, month, words, rule, category, severity, safety, confidence, block,
    ${cause} AS cause
FROM (
    SELECT
        file_index::BIGINT << 32 | file_row_number AS id,
        coalesce(site, '') AS site,
        coalesce(language, '') AS language,
        date_trunc('month', date)::DATE AS month,
        words,
        unnest(range(1, len(findings) + 1))::INTEGER AS ordinal,
        unnest(findings, recursive := true)
    FROM archive
    WHERE status = 'checked' AND len(findings) > 0
)
WHERE severity <> 'info';

-- A paragraph with defects that stands on many pages is a template.
CREATE TABLE template AS
SELECT block, count(DISTINCT page) AS pages, count(*) AS defects
FROM defect
GROUP BY block
HAVING count(DISTINCT page) >= ${template};
