-- The defects that are not in both runs, page by page.
SELECT change, page, language, rule, text, before, after, suggestion, name AS fingerprint
FROM difference
ORDER BY page, start, name, change;
