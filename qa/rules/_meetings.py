"""The grammar of meetings: how the form of a word depends on the word behind it, read from `elision.toml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from qa.language import Language
from qa.lexicon import Lexicon
from qa.page import Page
from qa.rules._context import row, share, word_before
from qa.rules._suspects import in_plain, marked

_SPACE = " \u00a0\u202f"
# Space between two words, with the opening quotation mark that may stand before the second.
_GAP = rf"[{_SPACE}]+(?:[«“„‘][{_SPACE}]?|\"(?=\w))?"
_JOIN = 7  # the number of the bit for contractions; the changes have the lower ones
_BEHIND = re.compile(rf"({_GAP})([^\W\d_]+|\d+)")
# What may stand before the first word: nothing that could make it the end of a longer one.
_FRONT = frozenset(" \u00a0\u202f([«“„‘\"'’—–")


class Meeting(NamedTuple):
    """Two words that meet in a text, with what stands between them; `start` is the first word's place."""

    prose: str
    start: int
    first: str
    gap: str
    second: str

    @property
    def gap_start(self) -> int:
        """Where the first word ends."""
        return self.start + len(self.first)

    @property
    def end(self) -> int:
        """Where the second word ends."""
        return self.gap_start + len(self.gap) + len(self.second)

    @property
    def form(self) -> str:
        """The first word as the grammar knows it."""
        return self.first.lower()


class Change(NamedTuple):
    """`forms` before such a neighbour are written otherwise; a new form that ends in ’ is joined to the neighbour.

    `letters` are the first letters the neighbour may have (or `begins`, a pattern of its beginning), `onsets` its
    sounds, `kinds` its parts of speech; every field that is empty asks for nothing.  `only` names the neighbours,
    `also` adds some that lack the kind, `unless` takes some out; `starts` and `unless_start` are beginnings of words,
    `unless_after` the marks that may not stand before the form.  `inside`: not where a sentence begins.  `initials`
    are first letters of initialisms, `spelled` letters that stand alone ("U-turn"), `single` words of one letter,
    `numbers` a pattern of digits.
    `name` is the confidence before a capital letter; 0: silent there.  `proof`: how many times oftener the new form
    must stand before the neighbour in clean text.
    """

    forms: Mapping[str, str]
    because: str
    confidence: float
    letters: str = ""
    begins: str = ""
    onsets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    gender: str = ""
    number: str = ""
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    unless_start: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    inside: bool = False
    initials: str = ""
    spelled: str = ""
    single: tuple[str, ...] = ()
    numbers: str = ""
    name: float = 0.0
    proof: int = 0


class Contraction(NamedTuple):
    """`pairs` of words that are written as one.

    The third word may forbid it: `kinds` are the parts of speech it must have, `unless_form` verb forms it must not
    have, `unless_next` words that it must not be.  `unless_clause`: a verb form that, further on in the clause,
    makes the second word part of its subject; `clause_like`: a pattern of words that are such forms.  `name` is the
    confidence before a capital; 0: the row says nothing about names.
    """

    pairs: Mapping[str, str]
    because: str
    confidence: float
    kinds: tuple[str, ...] = ()
    unless_form: tuple[str, ...] = ()
    unless_next: tuple[str, ...] = ()
    unless_clause: str = ""
    clause_like: str = ""
    name: float = 0.0


class Restoration(NamedTuple):
    """Elided `forms` that need their vowel back; one that depends on the neighbour's gender gives both."""

    forms: Mapping[str, str | Mapping[str, str]]
    because: str
    confidence: float
    letters: str
    kinds: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Grammar(NamedTuple):
    """The rows of a language by the form they speak of, and the patterns that find their places.

    `numbered` are the changes, each with its bit: those that ask the same of the neighbour's beginning share one (more
    than seven have to).  `firsts` has the bits of the rows that speak of a first word, `seconds` those of contractions
    by their second word, `letters` those of changes by its first letter, `beginnings` of changes with a pattern.
    `tails` are the second words of forms of two, `cut` the elided forms.  `gaps` matches the space of a meeting that
    may be wrong; `elided` matches an apostrophe and looks ahead.  Either is None where the language has nothing of the
    kind.  `marked` gives the blocks of a page where `elided` may find something, or a first word a number.
    """

    changes: Mapping[str, tuple[Change, ...]]
    contractions: Mapping[str, Contraction]
    restorations: Mapping[str, tuple[Restoration, ...]]
    numbered: tuple[tuple[int, Change], ...]
    firsts: Mapping[str, int]
    seconds: Mapping[str, int]
    letters: Mapping[str, int]
    beginnings: tuple[tuple[Callable[[str], re.Match[str] | None], int], ...]
    tails: frozenset[str]
    cut: frozenset[str]
    gaps: re.Pattern[str] | None
    elided: re.Pattern[str] | None
    marked: Callable[[Page], frozenset[int]]

    def bits_of_second(self, form: str) -> int:
        """The bits of the rows that may speak of a word as the second of two."""
        bits = self.seconds.get(form, 0) | self.letters.get(form[0], 0)
        for begins, bit in self.beginnings:
            if not bits & bit and begins(form):
                bits |= bit
        return bits

    def meetings(self, prose: str) -> Iterator[Meeting]:
        """The places of `prose` that the grammar may have something to say about."""
        if self.gaps is None:
            return
        # The pattern looks three characters back, also where the text begins.
        for match in self.gaps.finditer("  " + prose):
            end = match.start() - 2
            first = word_before(prose, end)
            start = end - len(first)
            if first.lower() not in self.firsts or (start and prose[start - 1] not in _FRONT):
                continue
            if f" {first}" in self.tails and start:
                before = word_before(prose, start - 1)
                if f"{before.lower()} {first}" in self.changes:
                    start -= len(before) + 1
            behind = _BEHIND.match(prose, end, end + 80)
            if behind:
                yield Meeting(prose, start, prose[start:end], behind[1], behind[2])


def grammar(language: Language) -> Grammar:
    """The grammar of meetings of a language, compiled."""
    facts = language.facts("elision")
    changes = [Change(**row(table)) for table in facts.get("change", ())]
    contractions = [Contraction(**row(table)) for table in facts.get("contraction", ())]
    restorations = [Restoration(**row(table)) for table in facts.get("restore", ())]
    forms = {form for change in changes for form in change.forms}
    begins = list(dict.fromkeys(map(_begins, changes)))
    numbered = tuple((1 << begins.index(_begins(change)) % _JOIN, change) for change in changes)
    beginnings = {change.begins: bit for bit, change in numbered if change.begins}
    pairs = [pair.split(" ") for line in contractions for pair in line.pairs]
    elided = _elided(facts.get("elided", ()), restorations)
    return Grammar(
        changes=_by_form(changes),
        contractions={pair: line for line in contractions for pair in line.pairs},
        restorations=_by_form(restorations),
        numbered=numbered,
        firsts=_bits(
            *((form.split(" ")[-1], bit) for bit, change in numbered for form in change.forms),
            *((first, 1 << _JOIN) for first, _ in pairs),
        ),
        seconds=_bits(*((second, 1 << _JOIN) for _, second in pairs)),
        letters=_bits(
            *((letter, bit) for bit, change in numbered if not change.begins for letter in _initials(change))
        ),
        beginnings=tuple((re.compile(begins).match, bit) for begins, bit in beginnings.items()),
        tails=frozenset(form[form.index(" ") :] for form in forms if " " in form),
        cut=frozenset(facts.get("elided", ())),
        gaps=_gaps(changes, contractions),
        elided=elided,
        marked=marked([*([in_plain(elided)] if elided else []), *_before_numbers(changes)], of_latin=True),
    )


def _bits(*items: tuple[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for form, bit in items:
        found[form] = found.get(form, 0) | bit
    return found


def _before_numbers(changes: Iterable[Change]) -> Iterator[re.Pattern[bytes]]:
    """A pattern for digits behind words that depend on them."""
    lasts = "".join(sorted({form[-1] for change in changes if change.numbers for form in change.forms}))
    if lasts:
        yield in_plain(re.compile(f"[0-9](?<=[{lasts}{lasts.upper()}][{_SPACE}].)"))


def speaks_of(row: Change, second: str, words: Lexicon) -> bool:
    """Whether the row speaks of this neighbour, wherever it stands."""
    if row.only:
        return second in row.only
    low = second.lower()
    if low in row.unless or (row.starts and not low.startswith(row.starts)) or low.startswith(row.unless_start or "\0"):
        return False
    if is_spelled(row, second):
        return second[0] in row.initials if len(second) > 1 else second in row.spelled
    if second != low and (not row.name or low[0] == "h" or not second[1:].islower()):
        return False
    return second in words and words.onset(second) in row.onsets and _fits(row, second, words)


def is_spelled(row: Change, second: str) -> bool:
    """Whether this is an initialism, or a letter that stands alone and may have a hyphen or a stop behind it."""
    return (len(second) == 1 and second not in row.single) or (second != second.lower() and second.isupper())


def _fits(row: Change, second: str, words: Lexicon) -> bool:
    """Whether the neighbour has the part of speech, gender and number that the row speaks of."""
    if second in row.also or not (row.kinds or row.gender or row.number):
        return True
    return (
        (not row.kinds or share(words, second, *row.kinds) >= 0.6)
        and (not row.gender or words.gender(second) == row.gender)
        and (not row.number or words.number(second) == row.number)
    )


def _by_form(rows: Iterable[Any]) -> dict[str, tuple[Any, ...]]:
    found = defaultdict(list)
    for line in rows:
        for form in line.forms:
            found[form].append(line)
    return {form: tuple(rows) for form, rows in found.items()}


def _gaps(changes: Iterable[Change], contractions: Iterable[Contraction]) -> re.Pattern[str] | None:
    """A pattern for the space between two words: first words by their last three characters, second by their first.

    It begins with the space, the one thing a text can be searched for quickly; what it lets through is looked at
    word by word.
    """
    by_next: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        letters = "".join(sorted(_initials(change)))
        first = f"(?:{change.begins})" if change.begins else f"[{letters}{'0-9' if change.numbers else ''}]"
        by_next[f'[«“„‘"]?[{_SPACE}]?{first}'].update(change.forms)
    seconds: dict[str, set[str]] = defaultdict(set)
    for contraction in contractions:
        for pair in contraction.pairs:
            first, second = pair.split(" ")
            seconds[first].add(second)
    for first, found in seconds.items():
        by_next[rf"(?:{'|'.join(sorted(found))})\b"].add(first)
    if not by_next:
        return None
    every = _endings(form for forms in by_next.values() for form in forms)
    places = (f"(?<={_endings(forms)} )(?={behind})" for behind, forms in by_next.items())
    return re.compile(f" (?<={every} )(?:{'|'.join(places)})")


def _begins(row: Change) -> tuple[str, str]:
    """What a row asks of the neighbour's first letters."""
    return row.begins, "".join(sorted(_initials(row)))


def _initials(row: Change) -> set[str]:
    """The first letters that a neighbour may have."""
    return set(row.letters + row.letters.upper() + row.initials + row.spelled)


def _endings(forms: Iterable[str]) -> str:
    """A pattern of three characters that the ends of all these forms match, and a few others with them."""
    columns: tuple[set[str], ...] = (set(), set(), set())
    front = re.escape("".join(sorted(_FRONT)))
    for form in forms:
        for column, letter in zip(columns, ["", front, *form][-3:], strict=True):
            column |= {letter, letter.upper()} if letter.isalpha() else {letter}
    return "".join("(?s:.)" if "" in column else f"[{''.join(sorted(column))}]" for column in columns)


def _elided(forms: Iterable[str], restorations: Iterable[Restoration]) -> re.Pattern[str] | None:
    if not forms:
        return None
    letters = "".join(sorted({letter for row in restorations for letter in row.letters}))
    lasts = "".join(sorted({form[-1] for form in forms}))
    return re.compile(rf"['’](?=[{_SPACE}{letters}])(?<=[{lasts}{lasts.upper()}].)")
