"""What a repair must leave alone unless its rule is about it: numbers, code and addresses, placeholders, markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.finding import Diagnostic, Edit
from qa.rewrite import apply
from qa.text import Block

NUMBER, CODE, PLACEHOLDER, MARKUP = "a number", "code or an address", "a placeholder", "markup"
REPETITION = "repetition"

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_PLACEHOLDER = re.compile(
    r"%(?:\d{1,3}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?[a-zA-Z@](?![a-zA-Z])"  # %s, %1$s, %.2f
    r"|\$?\{[\w.:, ]{0,80}\}"  # {0}, {name}, ${name}
    r"|%\w{1,40}%|__\w{1,40}__|⟦[^⟦⟧]{0,40}⟧"  # %NAME%, __NT0__, ⟦1⟧
    r"|</?[a-zA-Z][^<>]{0,200}>|&#?\w{1,31};"  # visible tags and character references
)

# What the rules of a category, or one rule, change on purpose.  `repetition`: a second time may go, not the first.
_ANNOUNCED: dict[str, frozenset[str]] = {
    "number-placeholder": frozenset((NUMBER, PLACEHOLDER)),
    "number-format": frozenset((NUMBER,)),
    "markup-residue": frozenset((NUMBER, CODE, PLACEHOLDER, MARKUP)),
    "encoding": frozenset((PLACEHOLDER,)),
    "split-identifier": frozenset((NUMBER, CODE, PLACEHOLDER)),
    "repeated-word": frozenset((REPETITION,)),
}


def announced(diagnostic: Diagnostic) -> frozenset[str]:
    """What a diagnostic's repair may change."""
    return _ANNOUNCED.get(diagnostic.rule, frozenset()) | _ANNOUNCED.get(diagnostic.category, frozenset())


def harmed(block: Block, edits: Sequence[Edit], allowed: frozenset[str]) -> str | None:
    """Which kind of protected text `edits` of the block's visible text would change, or None."""
    if CODE not in allowed and any(edit.span.overlaps(span) for edit in edits for span in block.opaque):
        return CODE
    before, after = block.text, apply(block.text, edits)
    for kind, pattern in ((NUMBER, _NUMBER), (PLACEHOLDER, _PLACEHOLDER)):
        if kind not in allowed:
            old, new = pattern.findall(before), pattern.findall(after)
            if old != new and not (REPETITION in allowed and set(old) == set(new)):
                return kind
    return None
