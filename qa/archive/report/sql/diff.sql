-- The defects of two runs, each with a name that does not depend on where in its page it stands: the rule, the marked
-- text and the nearest words on either side, and how many alike come before it on the page.
CREATE MACRO words(text) AS regexp_extract_all(lower(text), '[\p{L}\p{N}_]+');

CREATE MACRO defects(pages) AS TABLE (
    SELECT
        page, language, rule, start, text, before, after, suggestion,
        name || ':' || row_number() OVER (PARTITION BY page, name ORDER BY start) AS name
    FROM (
        SELECT
            *,
            md5(concat_ws(
                chr(31),
                rule,
                regexp_replace(lower(trim(text)), '\s+', ' ', 'g'),
                array_to_string(words(before)[-3:], ' '),
                array_to_string(words(after)[:3], ' ')
            ))[:16] AS name
        FROM (
            SELECT coalesce(url, record) AS page, coalesce(language, '') AS language, unnest(findings, recursive := true)
            FROM query_table(pages)
            WHERE status = 'checked'
        )
        WHERE severity <> 'info'
    )
);

CREATE TABLE old_defect AS FROM defects('old');
CREATE TABLE new_defect AS FROM defects('new');
CREATE TABLE old_page AS SELECT DISTINCT coalesce(url, record) AS page FROM old WHERE status = 'checked';
CREATE TABLE new_page AS SELECT DISTINCT coalesce(url, record) AS page FROM new WHERE status = 'checked';

CREATE TABLE difference AS
SELECT CASE WHEN page IN (FROM new_page) THEN 'cured' ELSE 'page gone' END AS change, *
FROM old_defect
ANTI JOIN new_defect USING (page, name)
UNION ALL
SELECT CASE WHEN page IN (FROM old_page) THEN 'appeared' ELSE 'new page' END AS change, *
FROM new_defect
ANTI JOIN old_defect USING (page, name);
