"""The archive: what a run over millions of pages found."""
