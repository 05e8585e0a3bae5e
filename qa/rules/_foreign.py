"""Words of a page that look like another language: found once, read by several rules.

A word that is ordinary in the page's language costs one dictionary access.  What remains is a suspect; suspects
that stand side by side and share a language form a run.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from qa.contexts import contexts, knows_capital_nouns
from qa.function_words import function_words
from qa.inflection import verb_forms
from qa.language import Language, language
from qa.lexicon import LANGUAGES, USED, Lexicon, lexicon, used_somewhere
from qa.memory import Memo
from qa.page import Page
from qa.rules._columns import Ask, column, foreign_languages, set_in
from qa.text import Block, Span

_RATIO = 20.0  # a suspect is so many times commoner in the other language, where it is `USED`
_CLEAR = 200.0  # a homograph that is so many times commoner in the other language counts like a foreign word
_CEILING = 1500.0  # own words commoner than this (per million) are never suspects, …
_KNOWN = 2.0  # … nor such as these, if no other language has them among its closed classes
_SHORTEST = 3  # letters of a word that is in no closed class
_TELLING = 3.0  # nats by which a context must speak for the translation of a homograph …
_SHARE = 0.12  # … in at least this share of the translation's contexts, for the homograph to be worth a look
_NOUN = 3.0  # per million: a noun with a capital that is rarer may be a name
_LONGEST = 30  # letters
_ADJACENT = frozenset(" \xa0\u202f\u2009\t\n\r'’")  # what may stand between the words of a run


class Suspect(NamedTuple):
    """A spelling that may be of another language.

    `rates` are the languages in which it is a word, with its frequency per million there, most frequent first;
    `own` is its frequency in the page's language.  `homograph`: it is a word there too, whose usual
    neighbours are known (see qa/contexts.py).
    """

    form: str
    rates: tuple[tuple[str, float], ...]
    own: float
    function: bool
    homograph: bool

    @property
    def clear(self) -> bool:
        """Whether it is so much commoner elsewhere that it can open a run of foreign words."""
        return not self.homograph or self.rates[0][1] > _CLEAR * self.own

    def rate(self, code: str) -> float:
        """Its frequency per million in one of the other languages."""
        return next((rate for other, rate in self.rates if other == code), 0.0)


class Run(NamedTuple):
    """Suspects side by side: words `first` to `last` (included) of the block."""

    first: int
    last: int
    suspects: tuple[Suspect | None, ...]  # None: a word between two suspects that both languages have


def suspects(page: Page) -> Mapping[str, Suspect | None]:
    """Spelling → suspect, or None for an ordinary word: a memo that fills itself."""
    others = page.derive(foreign_languages)
    return page.language.derive(lambda own: Memo(_judge(own, others).suspect), key=("suspects", others))


def _suspicious(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether a spelling is a suspect."""
    judge, words = _judge(own, others), lexicon(own.code)
    functions, used, index, rate_at = judge.functions, judge.used, words.index, words.rate_at

    def ask(forms: Sequence[str]) -> bytes:
        found = bytearray()
        for form in forms:
            if form.islower() and form not in functions and (rate_at(index(form)) > _KNOWN or form not in used):
                found.append(False)  # as `suspect` would find, and as most words are
            else:
                found.append(judge.suspect(form) is not None)
        return bytes(found)

    return ask


@lru_cache(maxsize=32)
def _judge(own: Language, others: tuple[str, ...]) -> _Judge:
    return _Judge(own, others)


class _Judge:
    """Which words of a language look like another one of `others`."""

    def __init__(self, own: Language, others: tuple[str, ...]) -> None:
        self.own = own
        self.lexicon = lexicon(own.code)
        self.used = used_somewhere()
        self.allowed = frozenset(own.facts("leftover").get("allowed", ()))
        self.others = [(code, lexicon(code)) for code in others]
        self.capital_nouns = [(code, lexicon(code)) for code in others if knows_capital_nouns(language(code))]
        self._may_be_verb = own.derive(verb_forms)
        self._plurals = str(own.facts("inflection").get("plurals", ""))  # letters behind which nouns form it with an s
        self.functions: dict[str, set[str]] = {}
        for code in others:
            for form in function_words(language(code)).readings:
                self.functions.setdefault(form, set()).add(code)

    def suspect(self, word: str) -> Suspect | None:
        """The spelling as a suspect; None for an ordinary word."""
        form = word.lower()
        if len(word) > _LONGEST or (len(word) > 1 and not word[1:].islower()):
            return None  # initialisms, camel case
        function = self.functions.get(form)
        if not function and (len(word) < _SHORTEST or word != form):
            return self._noun(word) if len(word) >= _SHORTEST else None
        known = self.lexicon
        own = known.rate_at(known.index(form))
        if word != form:
            own = max(own, known.rate_at(known.index(word)))
        if own > (_CEILING if function else _KNOWN) or form not in self.used or form in self.allowed:
            return None
        found = [(code, rate) for code, known in self.others if (rate := known.rate(form))]
        if not found or max(rate for _, rate in found) < USED:
            return None
        rates = tuple(sorted(found, key=lambda item: (-item[1], item[0])))
        if function and form in contexts(self.own).seen:
            suspect = Suspect(form, tuple(item for item in rates if item[0] in function), own, True, True)
            telling = (_telling(self.own, form, language(code)) for code, _ in suspect.rates)
            return suspect if suspect.rates and (suspect.clear or any(telling)) else None
        if rates[0][1] < _RATIO * own or (not function and self._regular(form)):
            return None
        return Suspect(form, tuple(r for r in rates if r[1] >= 3 * own), own, bool(function), False)

    def _regular(self, form: str) -> bool:
        """Whether the form may be one of an own word: a regular verb's, the plural of a common noun."""
        if self._may_be_verb(form):
            return True
        single = form.removesuffix("s") if self._plurals and form[-2:-1] in self._plurals else form
        return single != form and self.lexicon.rate(single) > _KNOWN and _is_noun(single, self.lexicon)

    def _noun(self, word: str) -> Suspect | None:
        """A word with a capital: a noun of a language that writes nouns so, and known to no other, or a name."""
        if self.lexicon.rate_at(self.lexicon.index(word)):
            return None
        rates = []
        for code, known in self.capital_nouns:
            rate = known.rate(word)
            if rate >= _NOUN and _is_noun(word, known):
                rates.append((code, rate))
        if not rates:
            return None
        rest = (known for code, known in self.others if code != rates[0][0])
        return None if any(map(_of(word), rest)) else Suspect(word.lower(), tuple(rates), 0.0, False, False)


def _of(word: str) -> Callable[[Lexicon], bool]:
    return lambda known: word in known


def _is_noun(word: str, known: Lexicon) -> bool:
    return sum(reading.share for reading in known.analyses(word) if reading.pos == "NOUN") > 0.9


def _telling(own: Language, form: str, other: Language) -> bool:
    """Whether the neighbours can tell the own word `form` from a translation of the other language's `form`."""
    table = contexts(own)
    for reading in function_words(other).readings[form]:
        for translation in translations_of(own, reading.kind, reading.meaning):
            if translation == form or translation not in table.seen:
                continue
            gain = 0.0
            for mine, theirs in (
                (table.left[form], table.left[translation]),
                (table.right[form], table.right[translation]),
            ):
                gain = max(gain, sum(math.exp(t) for m, t in zip(mine, theirs, strict=True) if t - m > _TELLING))
            if gain >= _SHARE:
                return True
    return False


def translations_of(own: Language, kind: str, meaning: str) -> tuple[str, ...]:
    """The forms of the language that a closed-class reading translates to."""
    words = function_words(own)
    if kind == "contraction":
        kind = "preposition"
    return words.forms.get((kind, meaning), ())


def suspects_of(page: Page) -> Iterator[Suspect]:
    """The suspects of a page, each spelling once."""
    known, forms = page.derive(suspects), page.forms
    spellings = dict.fromkeys(forms[at] for at in set_in(column(page, _suspicious)))
    return (suspect for suspect in map(known.__getitem__, spellings) if suspect is not None)


def runs(page: Page) -> Iterator[tuple[int, Run]]:
    """The runs of suspects of a page, in order, each with the number of its block."""
    known, done, number = page.derive(suspects), -1, 0
    row = column(page, _suspicious)
    for place in set_in(row):
        while page.starts[number + 1] <= place:
            number, done = number + 1, -1
        block, start = page.blocks[number], page.starts[number]
        index = place - start
        suspect = known[page.forms[place]]
        if suspect is None or index <= done:
            continue
        found: list[Suspect | None] = [suspect]
        last = index
        clear, codes = suspect.clear, {code for code, _ in suspect.rates}
        while any(row[start + last + 1 : start + last + 3]) and (step := _next(block, known, last, codes, clear)):
            found += map(known.__getitem__, block.forms[last + 1 : step[0] + 1])
            last, codes = step
            clear = clear or (found[-1] or suspect).clear
        yield number, Run(index, last, tuple(found))
        done = last


def _next(
    block: Block, known: Mapping[str, Suspect | None], last: int, codes: set[str], clear: bool
) -> tuple[int, set[str]] | None:
    """How a run goes on after word `last`: the next suspect, directly or over one word that both languages have.

    `clear`: the run holds a word that is clearly foreign.
    """
    forms, at = block.forms, last + 1
    following = [known[form] for form in forms[at : at + 2]]
    if not any(following) or block.gaps[at] not in _ADJACENT:
        return None
    suspect = following[0]
    if suspect is not None:
        if not (suspect.clear or clear):
            return None  # two own words side by side
        common = codes & {code for code, _ in suspect.rates}
        return (at, common) if common else None
    beyond, suspect = at + 1, following[1]
    if suspect is None or suspect.homograph or block.gaps[beyond] not in _ADJACENT:
        return None
    form = forms[at].lower()
    common = {code for code in codes & {code for code, _ in suspect.rates} if lexicon(code).frequency(form) >= 200}
    return (beyond, common) if common else None


_PAIRS = {"«": "»", "“": "”", "„": "“”", "‹": "›", "‘": "’", "(": ")", "[": "]", '"': '"'}
_EMPHASIS = frozenset({"em", "i", "cite", "q", "dfn"})
_LONGEST_MENTION = 60  # words: what is longer is a quotation that the page's reader is meant to read
_SHORT = 6  # words: a quotation or bracket so short is a name, a title or a word that is talked about


class Cover:
    """Stretches of a block, overlapping ones joined: which part of a span lies in them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans: list[Span] = []
        for span in sorted(spans):
            if self.spans and span.start <= self.spans[-1].end:
                self.spans[-1] = Span(self.spans[-1].start, max(self.spans[-1].end, span.end))
            else:
                self.spans.append(span)
        self._ends = [span.end for span in self.spans]

    def of(self, span: Span) -> int:
        """How many characters of `span` are covered."""
        count = 0
        for each in self.spans[bisect_right(self._ends, span.start) :]:
            if each.start >= span.end:
                break
            count += min(span.end, each.end) - max(span.start, each.start)
        return count


def mentions(block: Block, page: Page) -> Cover:
    """Where the text speaks of words instead of with them: short or foreign stretches in quotes, brackets, italics."""
    found = []
    known, own = page.derive(suspects), lexicon(page.language.code)
    starts = [word.start for word in block.words]
    for span in (*_quoted(block.prose), *_emphasised(block)):
        inside = block.forms[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        if len(inside) > _LONGEST_MENTION:
            continue
        odd = sum(known[form] is not None or form not in own for form in inside)
        if len(inside) <= _SHORT or 3 * odd > len(inside):
            found.append(span)
    return Cover(found)


def _quoted(prose: str) -> Iterator[Span]:
    opened: list[tuple[int, str]] = []
    for index, char in enumerate(prose):
        if opened and char in opened[-1][1]:
            yield Span(opened.pop()[0], index + 1)
        elif char in _PAIRS and len(opened) < 8:
            opened.append((index, _PAIRS[char]))


def _emphasised(block: Block) -> Iterator[Span]:
    start = None
    for boundary in block.boundaries:
        if boundary.element in _EMPHASIS:
            if boundary.opens:
                start = boundary.position
            elif start is not None and boundary.position >= start:
                yield Span(start, boundary.position)
                start = None


@cache
def _phrases() -> tuple[frozenset[tuple[str, ...]], int, frozenset[str]]:
    """The expressions, how many words the longest has, and the words of all."""
    lines = (LANGUAGES / "phrases.txt").read_text(encoding="utf-8").splitlines()
    found = frozenset(tuple(line.split()) for line in lines if line and not line.startswith("#"))
    return found, max(map(len, found)), frozenset(chain.from_iterable(found))


def in_phrase(block: Block, run: Run) -> bool:
    """Whether a run is part of an expression that texts in any language write so ("sui generis")."""
    phrases, longest, words = _phrases()
    if block.forms[run.first].lower() not in words:
        return False
    forms = [form.lower() for form in block.forms[max(0, run.first - longest) : run.last + longest + 1]]
    first = min(run.first, longest)
    last = first + run.last - run.first
    return any(
        tuple(forms[start : start + length]) in phrases
        for length in range(2, longest + 1)
        for start in range(max(0, last - length + 1), first + 1)
    )
