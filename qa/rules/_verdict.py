"""How likely each run of foreign-looking words on a page is a leftover.

Two looks.  The first weighs every run by itself; the second knows what the first made of the rest of the page: where
one word of a language was left behind, others were.  Both are logistic scores with weights for each kind of run,
fitted by `python -m models.leftover_weights` on held-out clean text and planted damage, at the rate of one leftover
in a thousand words, so that the score is a probability on pages that are about as bad.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.page import Page
from qa.rules._evidence import Evidence, fitting, likeliest, readings
from qa.rules._foreign import in_phrase
from qa.rules._misread import SOURCE as MISREAD
from qa.rules._misread import addressed, misread
from qa.rules._numbers import numbers
from qa.rules._terms import is_term

_LEAST = 0.5  # the probability below which nothing is said
_TOLD = math.log1p(2)  # that the user names the source language weighs like two leftovers elsewhere on the page
_ENOUGH, _DENSE = 300, 8
_MISREAD = 0.95  # the probability that such an article is one
FILE = Path(__file__).with_name("leftover-weights.json")


class Verdict(NamedTuple):
    """What stands in block number `block` of the page, and the probability that it is a leftover."""

    block: int
    evidence: Evidence
    probability: float


def leftovers(page: Page) -> dict[int, list[Verdict]]:
    """Those of the verdicts that are likely enough."""
    return page.derive(_leftovers)


def verdicts(page: Page) -> dict[int, list[Verdict]]:
    """The verdicts on a page's runs, by the `id` of their block."""
    return page.derive(_judge)


def evidence(page: Page) -> Iterator[tuple[int, Evidence]]:
    """The number of the block and the evidence, for every run of the page that can be judged."""
    return ((number, likeliest(found, page)) for number, found in page.derive(_readings))


def _readings(page: Page) -> list[tuple[int, tuple[Evidence, ...]]]:
    """The number of the block and the evidence by language, for every run of the page that can be judged.

    Where one word in `_DENSE` opens such a run, the page is hardly in the language it is judged in: after the first
    `_ENOUGH` of them the rest of it is left alone.
    """
    result: list[tuple[int, tuple[Evidence, ...]]] = []
    judged = 0
    for number, run in fitting(page):
        block = page.blocks[number]
        if in_phrase(block, run) or is_term(block, page, run):
            continue
        if judged >= _ENOUGH and judged * _DENSE > page.starts[number + 1]:
            break
        judged += 1
        found = readings(page, number, run)
        if found:
            result.append((number, found))
    return result


def company(items: Sequence[tuple[str, str, str, float]]) -> list[float]:
    """For each (kind, form, language, probability): log(1 + how many others one expects to be left in that language).

    Single words of the open classes do not count: a technical page is full of terms that were borrowed.
    """
    best: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for kind, form, code, likely in items:
        if kind != "open":
            best[code][form] = max(likely, best[code].get(form, 0.0))
    whole = {code: sum(forms.values()) for code, forms in best.items()}
    return [math.log1p(max(0.0, whole.get(code, 0.0) - best[code].get(form, 0.0))) for _, form, code, _ in items]


def form_of(found: Evidence) -> str:
    """The foreign words of a run, in lower case."""
    return " ".join(found.place.forms).lower()


def _leftovers(page: Page) -> dict[int, list[Verdict]]:
    if not _hopeful(page):
        return {}
    return {
        block: likely
        for block, found in verdicts(page).items()
        if (likely := [verdict for verdict in found if verdict.probability >= _LEAST])
    }


def _judge(page: Page) -> dict[int, list[Verdict]]:
    rows = [(number, found, numbers(page.blocks[number], page, found)) for number, found in evidence(page)]
    first = [
        (found.kind, form_of(found), found.language, score("first", found.kind, values)) for _, found, values in rows
    ]
    first += page.derive(_misreadings)
    result: dict[int, list[Verdict]] = {}
    for (number, found, values), others in zip(rows, company(first), strict=False):
        if found.language == page.source_language:
            others = max(others, _TOLD)
        likely = score("second", found.kind, (*values, others))
        result.setdefault(id(page.blocks[number]), []).append(Verdict(number, found, likely))
    return result


def _hopeful(page: Page) -> bool:
    """Whether some run would be a leftover if the page came from its language and all other runs were leftovers.

    Most pages are done here, before their source is guessed: it and the company weigh for a run, never against it.
    """
    found = page.derive(_readings)
    most = max(_TOLD, math.log1p(len(found) + len(page.derive(_misreadings)))) if found else 0.0
    return any(
        score("second", each.kind, (*numbers(page.blocks[number], page, each), most)) >= _LEAST
        for number, options in found
        for each in options
    )


def _misreadings(page: Page) -> list[tuple[str, str, str, float]]:
    """Articles that were read as pronouns keep the leftovers company: they betray the same source."""
    blocks = (page.blocks[number] for number in sorted(page.derive(addressed)))
    found = (" ".join(place.forms + place.after[:1]) for block in blocks for place, _ in misread(block, page))
    return [("several", form.lower(), MISREAD, _MISREAD) for form in found]


def score(look: str, kind: str, numbers: Iterable[float]) -> float:
    """The probability that a look gives to a kind of run with these numbers."""
    bias, weights = _weights()[look][kind]
    total = bias + sum(weight * number for weight, number in zip(weights, numbers, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


@cache
def _weights() -> dict[str, dict[str, tuple[float, tuple[float, ...]]]]:
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        look: {kind: (row["bias"], tuple(row["weights"].values())) for kind, row in kinds.items()}
        for look, kinds in stored.items()
    }
