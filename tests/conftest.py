"""Property tests draw the same examples on every run: a suite that passes today passes tomorrow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
