"""A time limit that nothing outlives: the operating system ends the process.

An exception could not: a loop inside a library's compiled code never comes back to raise it.  What counts is the
processor's time, so that a busy machine quarantines no more pages than an idle one; time on the clock is limited too,
more generously, for what waits instead of working.
"""

from __future__ import annotations

import signal

PATIENCE = 10  # times the limit of processor time that may pass on the clock


def arm(seconds: float) -> None:
    """From now on this process may work for so many seconds; it ends by SIGPROF, or, if it only waits, by SIGALRM."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)


def disarm() -> None:
    """The work was done in time."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
