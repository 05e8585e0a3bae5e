-- Each cause month by month, with the words that were published.
WITH published AS (
    SELECT month, sum(words)::BIGINT AS words FROM page WHERE month IS NOT NULL AND status = 'checked' GROUP BY month
),
found AS (
    SELECT cause, month, count(*) AS defects FROM defect WHERE month IS NOT NULL GROUP BY cause, month
)
SELECT causes.cause, published.month, coalesce(found.defects, 0) AS defects, published.words
FROM (SELECT DISTINCT cause FROM defect) AS causes
CROSS JOIN published
LEFT JOIN found ON found.cause = causes.cause AND found.month = published.month
ORDER BY causes.cause, published.month;
