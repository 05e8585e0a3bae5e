"""Which language a text is written in.

A document is judged by `langdetect`, seeded and restricted to the candidate languages; what it says counts where the
language's lexicon knows most of the words, since a detector that must choose among seven languages calls Polish one
of them.  Headings and single sentences are too short for it: there the frequencies of the words decide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qa.text import Document

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 4  # words below which no answer is given …
_LONG = 40  # … and from which on the detector is asked
_SAMPLE = 4000  # characters that are looked at …
_EACH = 400  # … so many of a block: an English licence above a French page must not decide
_DETECTED = 2000  # characters that the detector is shown, since it is slow
_SURE = 0.8  # probability below which the detector's answer does not count
_KNOWN = 0.65  # share of the words that the language must know …
_KNOWN_SHORT = 0.7  # … and of those of a short text
_STRANGE = 0.5  # share below which a declared language is not that of the text
_MARGIN = 4.0  # nats by which the words of a short text must speak for one language
_FLOOR = 0.02  # per million: what an unknown word counts as


class Fit(NamedTuple):
    """How well words fit a language: their log-probability, and the share of them that are words of it."""

    loglik: float
    known: float


def identify(document: Document, candidates: Sequence[str]) -> str | None:
    """The code of the document's language among the candidates, or None where that is not clear."""
    return identify_text(_sample(block.prose for block in document.blocks), candidates)


def disputed(document: Document, declared: str, candidates: Sequence[str]) -> str | None:
    """The language a text is plainly written in where its markup declares another.

    A plugin that translates a page often leaves the `lang` of the original.
    """
    words = running_words(_WORD.findall(_sample(block.prose for block in document.blocks)))
    if len(words) < _LONG:
        return None
    own = fits(words, (declared,)).get(declared)
    if own is None or own.known >= _STRANGE:  # first, since asking all the others takes as long as some rules
        return None
    found = {declared: own, **fits(words, {*candidates} - {declared})}
    best = _likeliest(found)
    return best if best is not None and best != declared and found[best].known >= _KNOWN else None


def identify_text(text: str, candidates: Sequence[str]) -> str | None:
    """The language of a text, or None where it is too short or belongs to no candidate."""
    words = running_words(_WORD.findall(text[:_SAMPLE]))
    if len(words) < _ENOUGH:
        return None
    found = fits(words, candidates)
    code = _likeliest(found)
    if len(words) < _LONG:
        return _if_known(code, found, _KNOWN_SHORT)
    detected = _detect(text[:_DETECTED], candidates)
    if detected is not None and detected not in found:
        return detected  # a language without a lexicon: nothing to check it by
    return _if_known(detected, found, _KNOWN) or _if_known(code, found, _KNOWN)


def fits(words: Sequence[str], candidates: Iterable[str]) -> dict[str, Fit]:
    """How well lower-case words fit each candidate that has a lexicon."""
    from qa.lexicon import languages, lexicon

    found = {}
    for code in candidates:
        if code in languages():
            rates = [lexicon(code).frequency(word) for word in words]
            known = sum(rate >= 1.0 for rate in rates) / max(1, len(rates))
            found[code] = Fit(sum(math.log(max(rate, _FLOOR)) for rate in rates), known)
    return found


def running_words(words: Iterable[str]) -> list[str]:
    """The words that tell a language: not names, initialisms and single letters.

    A capital counts as the beginning of a sentence where the word is the first.
    """
    found = []
    for index, word in enumerate(words):
        if (word.islower() and len(word) > 1) or (index == 0 and word[1:].islower()):
            found.append(word.lower())
    return found


def _likeliest(found: Mapping[str, Fit]) -> str | None:
    ranked = sorted(found, key=lambda code: -found[code].loglik)
    if not ranked or (len(ranked) > 1 and found[ranked[0]].loglik - found[ranked[1]].loglik < _MARGIN):
        return None
    return ranked[0]


def _if_known(code: str | None, found: Mapping[str, Fit], least: float) -> str | None:
    return code if code is not None and found[code].known >= least else None


def _sample(texts: Iterable[str]) -> str:
    parts, length = [], 0
    for text in texts:
        parts.append(text[: min(_EACH, _SAMPLE - length)])
        length += len(parts[-1])
        if length >= _SAMPLE:
            break
    return "\n".join(parts)


def _detect(text: str, candidates: Sequence[str]) -> str | None:
    """What langdetect makes of a text; None where it is not sure."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory(tuple(sorted(candidates))).create()
    detector.append(text)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return None
    return best[0].lang if best and best[0].prob >= _SURE else None


def _factory(candidates: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """A langdetect factory with the profiles of the candidates alone, always seeded alike."""
    if candidates not in _FACTORIES:
        from pathlib import Path

        import langdetect
        from langdetect.detector_factory import DetectorFactory

        factory = DetectorFactory()
        factory.seed = 0
        folder = Path(langdetect.__file__).parent / "profiles"
        factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in candidates])
        _FACTORIES[candidates] = factory
    return _FACTORIES[candidates]


_FACTORIES: dict[tuple[str, ...], object] = {}
