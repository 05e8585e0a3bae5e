"""What speaks for and against a run being a leftover, as numbers: see `FEATURES`.  `_verdict` weighs them."""

from __future__ import annotations

import math
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import repeat

from qa.contexts import classes
from qa.language import PIVOT, Language
from qa.lexicon import lexicon
from qa.ngrams import START, ngrams
from qa.page import Page
from qa.rules._evidence import Evidence, token_class
from qa.rules._foreign import suspects
from qa.text import Block

#: Name of each number → what it says.  Logarithms of rates are decimal, of counts natural.
FEATURES = {
    "rate": "log of the words' frequency per million in the foreign language, their mean",
    "own": "the same in the page's own language, of the word that is rarest there",
    "international": "how many more languages have all the words nearly as often",
    "english": "the language is English",
    "page source": "log-probability that the page was translated from the language",
    "one letter": "a single word of one letter",
    "two letters": "a single word of two letters",
    "capital": "a capital in mid-sentence",
    "capital start": "a capital at the beginning of a sentence",
    "rare capital": "the same, and the word is no very common one of the foreign language",
    "own word": "the first word has a part of speech in the own language, names apart",
    "name left": "a name stands before",
    "name right": "a name stands behind",
    "odd left": "the word before is unknown or foreign too",
    "odd right": "the word behind is unknown or foreign too",
    "stop left": "punctuation stands before",
    "stop right": "punctuation or nothing stands behind",
    "edge": "the block begins with it",
    "number right": "a number stands behind",
    "gain": "by how much the translation is likelier there than the foreign words, in units of five nats",
    "left seen": "log of how often the own language was seen with the foreign word behind the word before",
    "right seen": "log of how often it was seen with the word behind",
    "left translated": "the same for the translation and the word before",
    "right translated": "the same for the translation and the word behind",
    "both translated": "the smaller of these two",
    "context left": "nats by which the class of the word before speaks for the translation of a homograph",
    "context right": "nats by which that of the word behind does",
    "no translation": "no translation is known",
    "bracket": "it stands at a bracket",
    "cut": "an inline element begins or ends at it",
    "repeated": "log of how often the page has the first word elsewhere",
    "agrees": "the translation is a determiner and its noun was found",
    "length": "log of the number of foreign words",
    "closed share": "share of closed-class words among them",
    "own stem": "an own word that is not the translation begins alike",
    "number": "the foreign determiner has the number of the noun (1) or another (-1)",
    "impossible": "it has, and behind the own word of that spelling hardly ever stands such a noun",
    "no loan": "share of the foreign words' uses as verbs and adverbs, which are seldom borrowed",
    "cognate": "how much a single word and its translation are spelled alike: who has the one borrows no other",
}
_STOPS = frozenset('.,;:!?…–—()[]"«»“”„‟‹›')
_BEGINS = frozenset({START, ".", "!", "?", ":"})
_OPENING = frozenset("([{")
_SELDOM_BORROWED = frozenset({"VERB", "AUX", "ADV"})
_COMMON = 1000.0  # per million
_IMPOSSIBLE = 3.0  # nats
_STEM = 4  # letters that an own word must share with a suspect …
_ENDING = 2  # … all but this many, to be taken for another form of it


def numbers(block: Block, page: Page, evidence: Evidence) -> tuple[float, ...]:
    """The values of `FEATURES`, in order."""
    own, place, inside, code = page.language, evidence.place, evidence.suspects, evidence.language
    of_class, known, counts = classes(own), page.derive(suspects), ngrams(own.code)
    before, after, forms = place.before, place.after, place.forms
    left, right = before[-1], after[0] if after else ""
    left_class, right_class = token_class(left, of_class), token_class(right, of_class)
    single = len(inside) == 1
    first = forms[0]
    begins = left in _BEGINS
    here = (counts.count(left, first), counts.count(forms[-1], right) if right else 0)
    there = _translated(evidence, own)
    rendering = evidence.rendering
    return (
        sum(math.log10(suspect.rate(code) + 0.1) for suspect in inside) / len(inside),
        min(math.log10(suspect.own + 0.1) for suspect in inside),
        float(_international(evidence)),
        float(code == PIVOT),
        evidence.log_source,
        float(single and len(first) == 1),
        float(single and len(first) == 2),
        float(first[0].isupper() and not begins),
        float(first[0].isupper() and begins),
        float(first[0].isupper() and begins and inside[0].rate(code) < _COMMON),
        _own_word(inside[0].form, own),
        float(left_class == "name" and not (len(before) > 1 and before[-2] in _BEGINS)),
        float(right_class == "name"),
        float(left_class == "unknown" or (left.isalpha() and known[left] is not None)),
        float(right_class == "unknown" or (right.isalpha() and known[right] is not None)),
        float(left in _STOPS),
        float(right in _STOPS or not right),
        float(left == START),
        float(right_class == "number"),
        max(-5.0, min(25.0, rendering.gain)) / 5 if rendering else 0.0,
        math.log1p(here[0]),
        math.log1p(here[1]),
        there[0],
        there[1],
        min(there),
        max(-4.0, min(6.0, evidence.context[0])),
        max(-4.0, min(6.0, evidence.context[1])),
        float(rendering is None),
        float(left in _OPENING or right == ")"),
        float(bool(block.cuts & {place.span.start, place.span.end})),
        math.log1p(max(0, sum(page.vocabulary[form] for form in {first, first.lower()}) - 1)),
        float(bool(rendering and rendering.head)),
        math.log(len(inside)),
        sum(suspect.function for suspect in inside) / len(inside),
        float(single and not inside[0].function and _own_stem(evidence, own)),
        float(rendering.number) if rendering else 0.0,
        float(rendering is not None and rendering.number > 0 and evidence.context[1] >= _IMPOSSIBLE),
        sum(map(_no_loan, forms, repeat(code))) / len(forms),
        _alike(forms[0], rendering.tokens) if single and rendering else 0.0,
    )


@lru_cache(maxsize=20_000)
def _no_loan(form: str, code: str) -> float:
    return sum(reading.share for reading in lexicon(code).analyses(form) if reading.pos in _SELDOM_BORROWED)


@lru_cache(maxsize=20_000)
def _alike(form: str, translation: tuple[str, ...]) -> float:
    """The share of letters that a word has in common with its translation, in order."""
    return max(SequenceMatcher(None, form.lower(), token.lower(), False).ratio() for token in translation)


def _international(evidence: Evidence) -> int:
    common = (
        {code for code, rate in suspect.rates if 10 * rate > suspect.rate(evidence.language)}
        for suspect in evidence.suspects
    )
    return len(set.intersection(*common) - {evidence.language})


def _own_word(form: str, own: Language) -> float:
    readings = lexicon(own.code).analyses(form)
    return sum(reading.share for reading in readings if reading.pos not in ("PROPN", "X"))


def _translated(evidence: Evidence, own: Language) -> tuple[float, float]:
    """Log of how often the own language was seen with the translation beside its neighbours, left and right."""
    rendering, place, counts = evidence.rendering, evidence.place, ngrams(own.code)
    if rendering is None:
        return 0.0, 0.0
    anchor = place.before[-2] if rendering.swallowed and len(place.before) > 1 else place.before[-1]
    right = math.log1p(counts.count(rendering.tokens[-1], place.after[0])) if place.after else 0.0
    return math.log1p(counts.count(anchor, rendering.tokens[0])), right


def _own_stem(evidence: Evidence, own: Language) -> bool:
    """Whether the word looks like an inflected form of a word of the own language (other than its translation)."""
    form = evidence.suspects[0].form
    stem = form[: max(_STEM, len(form) - _ENDING)]
    rendering = evidence.rendering
    if len(form) <= _STEM or (rendering is not None and rendering.tokens[0].startswith(stem)):
        return False
    return next(lexicon(own.code).beginning(stem), None) is not None
