"""What the tagger learns to say of each token: keep it, delete it, exchange it, or put something before it."""

from __future__ import annotations

from collections.abc import Sequence

from models.corrupt._mixture import Damaged
from models.corrupt._words import flips
from qa.model.features import Token, tokenise
from qa.model.labels import DELETE, INFLECT, KEEP, LOWER, NOTHING, OTHER, UPPER


def exchange(old: str, new: str, code: str) -> str:
    """The label that makes `new` of the token `old`."""
    if old == new:
        return KEEP
    if new == old.lower():
        return LOWER
    if new == old[:1].upper() + old[1:]:
        return UPPER
    if old.lower() != new.lower() and new.lower() in flips(code, old.lower()) and len(old) > 3:
        return INFLECT
    return "=" + new.lower()


def labels(damaged: Damaged, tokens: Sequence[Token], code: str, *, elision: bool) -> tuple[list[str], list[str]]:
    """Two labels for each token: what to do with it, and what to insert before it."""
    own, before = [KEEP] * len(tokens), [NOTHING] * len(tokens)
    text = damaged.text
    for defect in damaged.defects:
        touched = [
            i
            for i, token in enumerate(tokens)
            if (token.start < defect.end and token.end > defect.start) or token.start < defect.start < token.end
        ]
        if defect.start == defect.end and not touched:
            after = next((i for i, token in enumerate(tokens) if token.start >= defect.start), None)
            if after is not None:
                before[after] = "+" + " ".join(t.text for t in tokenise(defect.original.lower(), elision=elision))
            continue
        if not touched:
            continue
        first, last = touched[0], touched[-1]
        start, stop = min(tokens[first].start, defect.start), max(tokens[last].end, defect.end)
        clean = text[start : defect.start] + defect.original + text[defect.end : stop]
        if (
            defect.original
            and not defect.original.endswith(" ")
            and text[defect.end - 1 : defect.end] == " "
            and last + 1 < len(tokens)
        ):
            # The repair joins the next word: its first letter tells how the token ends.
            clean += text[stop : tokens[last + 1].end]
            last += 1
        old = [tokens[i].text for i in range(first, last + 1)]
        # An apostrophe belongs to its token only before a letter.
        new = [token.text for token in tokenise(clean + "x", elision=elision)]
        new[-1:] = [new[-1][:-1]] if len(new[-1]) > 1 else []
        while old and new and old[-1] == new[-1]:
            old.pop()
            new.pop()
        while old and new and old[0] == new[0]:
            old.pop(0)
            new.pop(0)
            first += 1
        if not old:
            if new and first < len(tokens):
                before[first] = "+" + " ".join(new).lower()
            continue
        for offset, token in enumerate(old):
            if len(new) > len(old):
                own[first + offset] = OTHER
            else:
                own[first + offset] = exchange(token, new[offset], code) if offset < len(new) else DELETE
    return own, before
