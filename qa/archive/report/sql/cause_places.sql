-- Each cause in each ${dimension}, with the words of that ${dimension}.
WITH here AS (
    SELECT ${dimension} AS place, sum(words)::BIGINT AS words FROM page WHERE status = 'checked' GROUP BY place
)
SELECT defect.cause, here.place, count(*) AS defects, count(DISTINCT defect.page) AS pages, any_value(here.words) AS words
FROM defect
JOIN here ON here.place = defect.${dimension}
GROUP BY defect.cause, here.place
ORDER BY defect.cause, defects DESC, here.place;
