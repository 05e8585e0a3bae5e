-- What else is worth knowing of each cause; `freed` are the pages that have no other.
WITH alone AS (
    SELECT cause, count(*) AS freed
    FROM (SELECT page, any_value(cause) AS cause FROM defect GROUP BY page HAVING count(DISTINCT cause) = 1)
    GROUP BY cause
)
SELECT
    cause,
    count(*) FILTER (safety = 'safe') AS safe,
    count(*) FILTER (block IN (SELECT block FROM template)) AS in_templates,
    sum(confidence) AS expected,
    coalesce(any_value(alone.freed), 0) AS freed
FROM defect
LEFT JOIN alone USING (cause)
GROUP BY cause;
