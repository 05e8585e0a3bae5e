-- Defects by something that is true of a page as a whole: ${dimension}.
SELECT
    ${dimension} AS name,
    count(*) AS pages,
    sum(words)::BIGINT AS words,
    count(*) FILTER (defects > 0) AS affected,
    sum(defects)::BIGINT AS defects,
    sum(words::DOUBLE * words) AS words_squared,
    sum(defects::DOUBLE * defects) AS defects_squared,
    sum(words::DOUBLE * defects) AS product
FROM page
WHERE status = 'checked'
GROUP BY name
ORDER BY defects DESC, name;
