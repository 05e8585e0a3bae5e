"""Learns compact tables for rules from lexicons and counts: parts of compounds, words that ask for a function word."""
