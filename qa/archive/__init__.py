"""Archives: millions of pages scanned in shards that survive anything, and what their results say."""
