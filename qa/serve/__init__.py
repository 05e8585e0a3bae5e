"""The checker as an HTTP service.

    request ─▶ app ─▶ guard ─▶ wire ─▶ cache ─▶ pool ─▶ worker ─▶ work ─▶ qa.check
               routes limits,   JSON     same     queue   another   fields
                      secrets   checked  answer           process

The event loop reads, refuses and waits; all checking happens in worker processes.  `languagetool` speaks the other
protocol, `static/` holds the review page.
"""
