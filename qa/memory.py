"""How a process of ours treats the garbage collector.  A library user's process is left as it is."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Look for garbage cycles every 100,000 new objects instead of every 700.

    What is loaded lives to the end and findings hold no cycles: looking less often saves a tenth of the time.
    """
    gc.set_threshold(100_000, 50, 50)
