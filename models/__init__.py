"""Builders of the data and weights that `qa` ships: run from a checkout, never imported at run time."""
