-- How many pages the runs have in common.
SELECT
    (SELECT count(*) FROM old_page SEMI JOIN new_page USING (page)) AS both,
    (SELECT count(*) FROM old_page ANTI JOIN new_page USING (page)) AS gone,
    (SELECT count(*) FROM new_page ANTI JOIN old_page USING (page)) AS new;
