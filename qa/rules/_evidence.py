"""A run of foreign-looking words in its place: which language it is in, and how the page's language would say it."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.contexts import INDEX, classes, contexts
from qa.function_words import function_words
from qa.language import Language, language
from qa.lexicon import lexicon
from qa.page import Page
from qa.rules._columns import foreign_languages
from qa.rules._foreign import Run, Suspect, runs, translations_of
from qa.rules._render import Rendering, render
from qa.rules._tokens import Place, nearby, neighbours, tokens
from qa.source import source
from qa.text import Words

KINDS = ("closed", "homograph", "open", "several")

_CONTEXT = 1.5  # nats by which its neighbours must speak for the translation of a homograph; against it: less
_NO_CONTEXT = (0.0, 0.0)
_UNTRANSLATABLE = 6.0  # nats against a language from which the run cannot be translated
_CAPITAL = 0.85  # share of capitals in mid-sentence from which on an own word is a name …
_UNIVERSAL = 5000.0  # … unless it is so common (per million) in the other language, as "the" is
_NUMBER = 4.0  # nats for a language whose determiner has the noun's number, against one whose has not
_MOST_SOURCES = 4
_TIES = frozenset("@#/\\_-‑=<>+~^&$€%°")  # signs that make a word part of an address, a name, a formula
_OF_NAME, _EXTENDED = re.compile(r"[\w*]\.\Z"), re.compile(r"\.\w")  # "libc.so", "*.tar", "sources.list"
_TIES_BEFORE = _TIES | {";"}  # … or of a word with an entity ("essenti&euml;le")


class Evidence(NamedTuple):
    """A run, the language it seems to be in, and its translations, best first.

    `kind`: one closed-class word, a homograph of an own word, one open-class word, or several words.  `context` says
    how much likelier the neighbours, left and right, are beside the translation than beside an own word of
    that spelling, in nats.  `log_source` is the log-probability that the page was translated from that
    language, this run apart.
    """

    kind: str
    place: Place
    suspects: tuple[Suspect, ...]
    language: str
    renderings: tuple[Rendering, ...]
    context: tuple[float, float]
    log_source: float

    @property
    def rendering(self) -> Rendering | None:
        """The best translation."""
        return self.renderings[0] if self.renderings else None


def readings(page: Page, number: int, run: Run) -> tuple[Evidence, ...]:
    """The evidence on a run for each language that it may be in, as if the page came from there (`log_source` is 0).

    Nothing where it is part of longer tokens or a homograph in its own place.
    """
    place = _place(page, number, run)
    if place is None:
        return ()
    own = page.language
    inside = tuple(suspect for suspect in run.suspects if suspect is not None)
    if _name(place, inside[0], own):
        return ()
    kind, of_class = _kind(inside), classes(own)
    left = token_class(place.before[-1], of_class)
    right = token_class(place.after[0] if place.after else "", of_class)
    found = []
    for code in _sources(inside):
        context = _context(own, inside, code, left, right)
        if kind == "homograph" and not inside[0].clear and not _fits(context):
            continue
        renderings = tuple(render(place, code, own))
        if renderings and _bare(renderings[0].tokens) == _bare(place.forms):
            return ()  # an accent is missing, or stands the wrong way
        found.append(Evidence(kind, place, inside, code, renderings, context, 0.0))
    return tuple(found)


def likeliest(found: Sequence[Evidence], page: Page) -> Evidence:
    """Of the readings of one run the likeliest, now that the page's source is asked for."""
    guess = source(page)
    return max((each._replace(log_source=guess.logprob(each.language, each.suspects)) for each in found), key=_weight)


def _weight(found: Evidence) -> float:
    """How likely one reading of a run is, beside the others."""
    inside, code = found.suspects, found.language
    weight = sum(math.log(suspect.rate(code) + 0.1) for suspect in inside) / len(inside) + found.log_source
    best = found.rendering
    return weight + (best.gain + _NUMBER * best.number if best else -_UNTRANSLATABLE)


def _fits(context: tuple[float, float]) -> bool:
    return sum(context) >= _CONTEXT and min(context) >= -_CONTEXT


def _bare(words: Sequence[str]) -> str:
    """Words in lower case without their accents."""
    letters = unicodedata.normalize("NFD", " ".join(words).lower())
    return "".join(char for char in letters if not unicodedata.combining(char))


def _place(page: Page, number: int, run: Run) -> Place | None:
    """The tokens of a run; None where a hyphen, a digit, a dot or an underscore ties it to something longer."""
    block, begin = page.blocks[number], page.offset(number, run.first)
    last = begin if run.last == run.first else page.offset(number, run.last)
    end = last + len(page.forms[page.starts[number] + run.last])
    elided = block.prose[end : end + 1] in ("'", "’")
    line = nearby(block, begin, end, page.language) or _line(page, number)
    first, last = bisect_left(line.starts, begin), bisect_left(line.starts, end)
    if first >= len(line) or line[first].start != begin or line[last - 1].end != end + elided:
        return None
    if block.prose[max(0, begin - 1) : begin] in _TIES_BEFORE or block.prose[end : end + 1] in _TIES:
        return None
    if _OF_NAME.match(block.prose, max(0, begin - 2), begin) or _EXTENDED.match(block.prose, end):
        return None
    return Place(line, first, last)


def _name(place: Place, suspect: Suspect, own: Language) -> bool:
    """Whether a word with a capital is a name ("Ali"), or stands before one ("Le Monde", "Von Trier")."""
    form = place.forms[0]
    if place.last > place.first + 1 or not form[0].isupper():
        return False
    if place.after and token_class(place.after[0], classes(own)) == "name":
        return True
    return suspect.rates[0][1] < _UNIVERSAL and lexicon(own.code).capitalised_share(form) >= _CAPITAL


def _kind(inside: tuple[Suspect, ...]) -> str:
    if len(inside) > 1:
        return "several"
    if inside[0].homograph:
        return "homograph"
    return "closed" if inside[0].function else "open"


def _sources(inside: tuple[Suspect, ...]) -> list[str]:
    """The languages that a run may be in."""
    common = set.intersection(*({code for code, _ in suspect.rates} for suspect in inside))
    ranked = [code for code, _ in inside[0].rates if code in common]
    if inside[0].function and len(inside) == 1:
        ranked = [code for code in ranked if inside[0].form in function_words(language(code)).readings]
    return ranked[:_MOST_SOURCES]


def _line(page: Page, number: int) -> Words:
    """The tokens of a whole block, where those around a run lie far apart."""
    known = page.derive(_lines)
    if number not in known:
        known[number] = tokens(page.blocks[number], page.language)
    return known[number]


def _lines(page: Page) -> dict[int, Words]:
    """A memo of one page."""
    return {}


def fitting(page: Page) -> Iterator[tuple[int, Run]]:
    """The runs of a page, each with the number of its block, but homographs where the own word may well stand."""
    own, forms, gaps, starts = page.language, page.forms, page.gaps, page.starts
    of_class, unfit = classes(own), own.derive(_unfit, key=(_unfit, page.derive(foreign_languages)))
    for number, run in runs(page):
        suspect = run.suspects[0]
        if suspect is not None and suspect.homograph and not suspect.clear and run.first == run.last:
            at = starts[number] + run.first
            if run.first and at + 1 < starts[number + 1]:
                left, right = neighbours(forms, gaps, at, at)
            else:
                left, right = neighbours(page.blocks[number].forms, page.blocks[number].gaps, run.first, run.last)
            key = (suspect.form, token_class(left, of_class), token_class(right, of_class))
            if key not in unfit:
                contexts_of = (_context(own, (suspect,), code, key[1], key[2]) for code, _ in suspect.rates)
                unfit[key] = not any(map(_fits, contexts_of))
            if unfit[key]:
                continue
        yield number, run


def _unfit(own: Language) -> dict[tuple[str, str, str], bool]:
    """A memo; closed-class words and classes are few."""
    return {}


def _context(own: Language, inside: tuple[Suspect, ...], code: str, left: str, right: str) -> tuple[float, float]:
    """What the neighbours' classes say about the first and the last word of a run; of one word, by one translation."""
    first = _gains(own, inside[0].form, code, left, right)
    if len(inside) == 1:
        return max(first, key=sum, default=_NO_CONTEXT)
    last = _gains(own, inside[-1].form, code, left, right)
    return max((gain for gain, _ in first), default=0.0), max((gain for _, gain in last), default=0.0)


def _gains(own: Language, form: str, code: str, left: str, right: str) -> Iterator[tuple[float, float]]:
    """For each translation of a word: nats by which the classes left and right of it speak for it."""
    table = contexts(own)
    if form not in table.seen:
        return
    before, after = INDEX[left], INDEX[right]
    for reading in function_words(language(code)).readings.get(form, ()):
        for option in translations_of(own, reading.kind, reading.meaning):
            if option.lower() in table.seen:
                yield (
                    table.left[option.lower()][before] - table.left[form][before],
                    table.right[option.lower()][after] - table.right[form][after],
                )


def token_class(token: str, of_class: dict[str, str]) -> str:
    """The class of a token as qa/contexts.py counts it; "" and the mark of a beginning are edges."""
    if not token or token[0] == "<":
        return "edge"
    if token[0].isdigit():
        return "number"
    return of_class[token] if token[0].isalpha() else "punctuation"
