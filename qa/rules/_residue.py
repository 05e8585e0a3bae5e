"""A piece of markup or of a placeholder that shows in the text, as the parts of `broken-placeholder` hand it on."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.finding import Safety
from qa.text import Span


class Residue(NamedTuple):
    """What stands at `span`, what should stand there (None: unknown), and how sure that is."""

    span: Span
    text: str | None
    message: str
    confidence: float
    safety: Safety = Safety.SAFE


def residue(
    match: re.Match[str], text: str | None, message: str, confidence: float, safety: Safety = Safety.SAFE
) -> Residue:
    """The residue that a pattern found."""
    return Residue(Span(*match.span()), text, message, confidence, safety)
