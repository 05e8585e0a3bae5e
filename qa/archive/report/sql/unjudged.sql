-- Records that were not judged, and why.
SELECT status, reason, count(*) AS records
FROM page
WHERE status <> 'checked'
GROUP BY status, reason
ORDER BY records DESC, status, reason
LIMIT 50;
