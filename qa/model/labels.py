"""The tagger's labels: one for what to do with a token, one for what to insert before it.

`=word`: write this word instead (small).  `+word`: insert this word.  The rest:
"""

from __future__ import annotations

KEEP = "keep"
DELETE = "delete"
LOWER = "lower"
UPPER = "upper"
INFLECT = "inflect"  # another form of the same word
OTHER = "other"  # something else: the seq2seq model is asked
NOTHING = "nothing"  # nothing is missing before this token
MISSING = "+"  # something is missing that is no frequent word
