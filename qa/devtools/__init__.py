"""Tools for those who work on `qa` itself: documents, silence, planted defects, speed.  Not in the wheel."""
