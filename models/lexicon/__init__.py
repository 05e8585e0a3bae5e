"""Builds the lexicons, n-gram counts and bilingual lists of `qa/languages` from tables, treebanks and corpora."""
