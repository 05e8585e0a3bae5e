-- The archive as a whole.
SELECT
    count(*) FILTER (status = 'checked') AS pages,
    sum(words)::BIGINT AS words,
    count(*) FILTER (defects > 0) AS affected,
    sum(defects)::BIGINT AS defects,
    sum(words::DOUBLE * words) AS words_squared,
    sum(defects::DOUBLE * defects) AS defects_squared,
    sum(words::DOUBLE * defects) AS product,
    count(*) AS records,
    min(month) AS first,
    max(month) AS last,
    count(DISTINCT site) FILTER (site <> '') AS sites,
    count(DISTINCT language) FILTER (language <> '') AS languages
FROM page;
