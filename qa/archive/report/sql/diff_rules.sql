-- What became of each rule's defects.
WITH
    before AS (SELECT rule, count(*) AS defects FROM old_defect GROUP BY rule),
    after AS (SELECT rule, count(*) AS defects FROM new_defect GROUP BY rule),
    changes AS (
        SELECT
            rule,
            count(*) FILTER (change = 'cured') AS cured,
            count(*) FILTER (change = 'appeared') AS appeared,
            count(*) FILTER (change = 'page gone') AS gone,
            count(*) FILTER (change = 'new page') AS new
        FROM difference
        GROUP BY rule
    )
SELECT
    rule,
    coalesce(before.defects, 0) AS before,
    coalesce(cured, 0) AS cured,
    coalesce(gone, 0) AS gone,
    coalesce(appeared, 0) AS appeared,
    coalesce(new, 0) AS new,
    coalesce(after.defects, 0) AS after
FROM before
FULL JOIN after USING (rule)
LEFT JOIN changes USING (rule)
ORDER BY rule;
