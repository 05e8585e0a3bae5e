"""What a scanned archive tells: aggregates over its findings, and the pages, tables and samples made of them.

Everything is computed by DuckDB from the Parquet files of a run (`qa.archive.report.tables`); the queries are the files
of `sql/`, the causes of defects are the data of `causes.toml`.
"""
