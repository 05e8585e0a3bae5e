-- Defects by something that is true of a defect: ${dimension}.  Each is measured against all pages.
WITH
    whole AS (
        SELECT count(*) AS pages, sum(words)::BIGINT AS words, sum(words::DOUBLE * words) AS words_squared
        FROM page
        WHERE status = 'checked'
    ),
    each AS (
        SELECT ${dimension} AS name, page, any_value(words) AS words, count(*) AS defects
        FROM defect
        GROUP BY name, page
    ),
    groups AS (
        SELECT
            name,
            count(*) AS affected,
            sum(defects)::BIGINT AS defects,
            sum(defects::DOUBLE * defects) AS defects_squared,
            sum(words::DOUBLE * defects) AS product
        FROM each
        GROUP BY name
    )
SELECT name, pages, words, affected, defects, words_squared, defects_squared, product
FROM groups, whole
ORDER BY defects DESC, name;
