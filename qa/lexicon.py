"""What is known about a word form of a language: analyses, frequency, onset, inflection.

The data lie in `qa/languages/<language>/lexicon.trie` (word forms → numbers, a marisa-trie) and
`lexicon.bin` (arrays indexed by those numbers); both are memory-mapped. They are built by
`python -m models.lexicon.build`; docs/lexicon.md says from what and how well.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from qa import artefact
from qa.memory import Memo

#: Where the languages' folders lie.
LANGUAGES = Path(__file__).parent / "languages"

ONSETS = ("consonant", "vowel", "mute-h", "aspirated-h", "impure", "stressed-a")

#: Occurrences per million words from which on a word counts as one that a language uses.
USED = 1.0

_ONSET_MASK, _FOREIGN, _TABLE = 0x07, 0x08, 0x10


class UnknownLanguageError(KeyError):
    """There is no lexicon for the language asked for."""

    def __str__(self) -> str:
        return str(self.args[0])


class Analysis(NamedTuple):
    """One reading of a word form.

    `pos` is a Universal part of speech. `gender`: m, f, n, c (common), mf (either) or '' (unknown or
    none). `number`: sg, pl, sp (same form in both) or ''. `person`: 1, 2, 3 or ''. `form`: inf, pp, fin,
    ger or ''. `share` (0..1) is how much of the form's use this reading accounts for.
    """

    lemma: str
    pos: str
    gender: str
    number: str
    person: str
    form: str
    share: float


_new = tuple.__new__  # half as dear as `Analysis(…)`, which calls it


class Lexicon:
    """The word forms of one language.

    Forms are looked up as written. A form that is not known as written is tried with a lower-case first
    letter (a sentence start), and one in capitals with its usual spellings; nothing else is guessed.
    Answers are remembered, so a repeated look-up costs a dictionary access.
    """

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._trie = artefact.trie(folder / "lexicon.trie")
        self._get: Callable[[str, int], int] = self._trie.get
        header, arrays = artefact.read(folder / "lexicon.bin")
        if header.get("size", len(self._trie)) != len(self._trie):
            raise artefact.ArtefactError(f"{folder}: lexicon.trie and lexicon.bin are of different builds")
        self._header = header
        self._kinds: list[tuple[str, str, str, str, str]] = [tuple(kind) for kind in header["kinds"]]
        self._endings: list[tuple[int, int, str]] = header["endings"]
        self._frequencies = arrays["frequency"]
        self._capitals = arrays["capital"]
        self._flags = arrays["flags"]
        self._bundles = arrays["bundle"]
        self._bundle_starts = arrays["bundle_starts"]
        self._readings = arrays["readings"]
        self._lemmas = arrays["lemmas"]
        self._family_starts = arrays["family_starts"]
        self._families = arrays["families"]
        low, step = header["frequency_scale"]
        self._rates = (0.0, *(math.exp(low + step * code) for code in range(1, 256)))
        self._onset_rules: dict[str, str] = header["onset"]["rules"]
        self._longest_rule = max(map(len, self._onset_rules), default=0)
        #: The number of the form among the spellings; -1 when it is not known.
        self._numbers = Memo(self._find_number)
        self.index: Callable[[str], int] = self._numbers.__getitem__
        self._known = Memo(self._find_known)
        #: Occurrences of the form per million words of the language; 0.0 when it is not known.
        self.frequency: Callable[[str], float] = Memo(lambda form: self.rate_at(self.index(form))).__getitem__
        #: The readings of the form, most used first; () when it is unknown or only its spelling is known.
        self.analyses: Callable[[str], tuple[Analysis, ...]] = Memo(self._find_analyses).__getitem__
        #: How the form begins for elision and article choice: see `ONSETS`.
        self.onset: Callable[[str], str] = Memo(self._find_onset).__getitem__
        #: Other configured languages in which the form is a word → its frequency per million there.
        self.elsewhere: Callable[[str], Mapping[str, float]] = Memo(self._find_elsewhere).__getitem__

    def __contains__(self, form: object) -> bool:
        return isinstance(form, str) and self._known[form]

    def __len__(self) -> int:
        """How many spellings are stored, lemmas and words of other languages included."""
        return len(self._trie)

    def __iter__(self) -> Iterator[str]:
        """All spellings that are words of the language, in the order of their numbers."""
        restore, flags = self._trie.restore_key, self._flags
        return (restore(number) for number in range(len(self._trie)) if not flags[number] & _FOREIGN)

    def used(self) -> Iterator[str]:
        """The spellings in small letters that are `USED`."""
        frequent = (self._trie.restore_key(n) for n, code in enumerate(self._frequencies) if self._rates[code] >= USED)
        return (form for form in frequent if form == form.lower())

    def beginning(self, prefix: str) -> Iterator[str]:
        """The words of the language that begin with `prefix`, in no useful order."""
        return (form for form in self._trie.iterkeys(prefix) if form in self)

    def openings(self, form: str) -> set[int]:
        """The lengths of the spellings that the form begins with, its first letter as written or small."""
        try:
            found = [*self._trie.prefixes(form), *self._trie.prefixes(form[:1].lower() + form[1:])]
        except UnicodeEncodeError:  # a lone surrogate: no word
            return set()
        return set(map(len, found))

    def bundle(self, form: str) -> int:
        """A number that forms share whose readings are alike but for the words' stems; -1: the form is unknown.

        What is worked out from readings without looking at lemmas can be remembered by it.
        """
        number = self.index(form)
        return self._bundles[number] if number >= 0 else -1

    def bundles(self, forms: Sequence[str]) -> list[int]:
        """The `bundle` of many forms, at a third of the price."""
        self.look_up(forms)
        bundles = self._bundles
        return [bundles[number] if number >= 0 else -1 for number in map(self.index, forms)]

    def profile(self, form: str) -> int:
        """A number that forms share which have one `bundle`, one frequency and one answer to `knows`; -1: unknown."""
        number = self.index(form)
        if number < 0:
            return -1
        return self._bundles[number] << 9 | self._frequencies[number] << 1 | (self._flags[number] & _FOREIGN == 0)

    def gender(self, form: str) -> str:
        """The gender of the form as a noun: m, f, n or c; '' when it is unknown or more than one."""
        return self._noun(form, 2)

    def number(self, form: str) -> str:
        """The number of the form as a noun: sg or pl; '' when it is unknown or both."""
        return self._noun(form, 3)

    def inflect(self, form: str, *, gender: str = "", number: str = "", pos: str = "", to: str = "") -> tuple[str, ...]:
        """Forms of the same lemma and part of speech with that gender and number, most frequent first.

        What is not asked for stays as it is: `inflect("cet", gender="f")` gives cette, not ces. A form that
        serves for both genders or numbers answers to each. `pos` limits the readings of `form` that are
        followed; `to` asks for another verb form (inf, pp, fin, ger) than that of `form`. The form itself
        is among the answers if it fits. Tense and mood are not told apart: ask for nouns, adjectives,
        determiners, pronouns and participles.
        """
        found: dict[str, float] = {}
        for reading in self.analyses(form):
            if pos and reading.pos != pos:
                continue
            wanted = gender or reading.gender, number or reading.number
            for other in self._family(reading.lemma) or (self._trie.restore_key(self.index(form)),):
                share = max(
                    (
                        candidate.share
                        for candidate in self.analyses(other)
                        if candidate.lemma == reading.lemma
                        and candidate.pos == reading.pos
                        and candidate.form == (to or reading.form)
                        and _agrees(wanted[0], candidate.gender)
                        and _agrees(wanted[1], candidate.number)
                    ),
                    default=0.0,
                )
                if share:
                    weight = reading.share * share * (self.frequency(other) + 0.001)
                    found[other] = max(found.get(other, 0.0), weight)
        return tuple(sorted(found, key=lambda other: (-found[other], other)))

    def capitalised_share(self, form: str) -> float:
        """How often (0..1) the word, however `form` writes it, has a capital in the middle of a sentence.

        High for names and German nouns; 0.0 for unknown words too, many of which are names: ask
        `frequency` first.
        """
        number = self.index(form)
        if number < 0:
            number = self.index(form.capitalize())
        return self._capitals[number] / 255 if number >= 0 else 0.0

    # -- looking up ------------------------------------------------------------------------------------

    def look_up(self, forms: Sequence[str]) -> None:
        """Find the numbers of many forms that will be asked for: half as dear as one by one."""
        forms = [form for form in forms if form not in self._numbers]
        try:
            found = map(self._get, forms, repeat(-1))
            numbers = [n if n >= 0 else self._find_number(form) for form, n in zip(forms, found, strict=True)]
        except UnicodeEncodeError:  # a lone surrogate
            return
        self._numbers.add(forms, numbers)

    def _find_number(self, form: str) -> int:
        try:
            number = self._get(form, -1)
            if number < 0 and form[:1].isupper():
                if form[1:].islower():  # the usual one of the spellings
                    return self._get(form.lower(), -1)
                return next((n for s in _spellings(form) if (n := self._get(s, -1)) >= 0), -1)
        except UnicodeEncodeError:  # a lone surrogate: no word
            return -1
        return number

    def _find_known(self, form: str) -> bool:
        if self.index(form) < 0 and "-" in form[1:-1]:
            return all(self._known[part] for part in form.split("-"))
        return self.knows(form)

    def rate_at(self, number: int) -> float:
        """The `frequency` of the form with this number: cheap where it is asked for but once."""
        return self._rates[self._frequencies[number]] if number >= 0 else 0.0

    def rate(self, form: str) -> float:
        """The `frequency` of a form that will hardly be asked for again: found anew each time, and not remembered."""
        return self.rate_at(self._find_number(form))

    def knows(self, form: str) -> bool:
        """Whether the form is listed as a word of the language; `in` also takes one whose hyphenated parts all are."""
        number = self.index(form)
        return number >= 0 and not self._flags[number] & _FOREIGN

    def knows_small(self, form: str) -> bool:
        """Whether the form, as written or in small letters, is a word of the language: found anew like its `rate`."""
        get, flags, small = self._get, self._flags, form.lower()
        try:
            number = get(form, -1)
            if number >= 0 and not flags[number] & _FOREIGN:
                return True
            number = -1 if small == form else get(small, -1)
        except UnicodeEncodeError:  # a lone surrogate: no word
            return False
        return number >= 0 and not flags[number] & _FOREIGN

    def _find_analyses(self, form: str) -> tuple[Analysis, ...]:
        number = self.index(form)
        if number < 0:
            return ()
        spelling = self._trie.restore_key(number)
        bundle = self._bundles[number]
        start, stop = self._bundle_starts[bundle], self._bundle_starts[bundle + 1]
        lemma, kinds, readings = self._lemma, self._kinds, self._readings
        return tuple(
            [
                _new(Analysis, (lemma(spelling, readings[at + 1]), *kinds[readings[at]], readings[at + 2] / 1000))
                for at in range(start, stop, 3)
            ]
        )

    def _lemma(self, spelling: str, code: int) -> str:
        front, back, ending = self._endings[code]
        return ending if back < 0 else spelling[front : len(spelling) - back] + ending

    def _find_onset(self, form: str) -> str:
        number = self.index(form)
        if number >= 0:
            return ONSETS[self._flags[number] & _ONSET_MASK]
        return onset_by_rule(form, self._header["onset"])

    def _find_elsewhere(self, form: str) -> Mapping[str, float]:
        found = {}
        for language in languages():
            if language != self.language:
                other = lexicon(language)
                if form in other:
                    found[language] = other.frequency(form)
        return MappingProxyType(found)

    def _family(self, lemma: str) -> tuple[str, ...]:
        """The forms of a lemma; () when it has but one."""
        number = artefact.number(self._trie, lemma)
        at = bisect_left(self._lemmas, number) if number >= 0 else len(self._lemmas)
        if at == len(self._lemmas) or self._lemmas[at] != number:
            return ()
        members = self._families[self._family_starts[at] : self._family_starts[at + 1]]
        return tuple(self._trie.restore_key(member) for member in members)

    def _noun(self, form: str, field: int) -> str:
        values = {
            (reading.gender, reading.number)[field - 2]
            for reading in self.analyses(form)
            if reading.pos == "NOUN" and reading.share >= 0.02
        }
        value = values.pop() if len(values) == 1 else ""
        return value if value in ("m", "f", "n", "c", "sg", "pl") else ""


def _agrees(wanted: str, has: str) -> bool:
    return wanted in (has, "", "mf", "sp") or has in ("mf", "sp") or (has == "c" and wanted in ("m", "f"))


def _spellings(form: str) -> Iterator[str]:
    """How else a form that begins with a capital may be stored."""
    if form[1:].islower() or len(form) == 1:
        yield form.lower()
    elif form.isupper():
        yield form.lower()
        yield form[0] + form[1:].lower()
    else:
        yield form[0].lower() + form[1:]


def onset_by_rule(form: str, rules: Mapping[str, Any]) -> str:
    """The onset class of `form` by the language's spelling rules (`[onset]` of its lexicon.toml).

    The longest matching prefix of `rules["rules"]` decides (a key "=word" is the whole word), then the
    first letter. Initialisms are read letter by letter where the language gives the `letters`.
    """
    if rules.get("letters") and len(form) > 1 and form.isupper():
        return "vowel" if form[0] in rules["letters"] else "consonant"
    word = form.lower()
    table = rules["rules"]
    whole = table.get("=" + word)
    if whole:
        return str(whole)
    for length in range(min(len(word), rules["longest"]), 0, -1):
        if word[:length] in table:
            return str(table[word[:length]])
    if word[:1] == "h":
        return str(rules["h"])
    return "vowel" if word[:1] and word[0] in rules["vowels"] else "consonant"


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a lexicon, sorted."""
    return tuple(sorted(path.parent.name for path in LANGUAGES.glob("*/lexicon.bin")))


@cache
def used_somewhere() -> Container[str]:
    """The spellings in small letters that are `Lexicon.used` in any language with a lexicon.

    One look-up tells that a word is none of all those languages', which would take one in each.
    """
    return _Spellings(artefact.trie(LANGUAGES / "used.trie"))


class _Spellings(Container[str]):
    """A trie that answers for any text, also one with lone surrogates."""

    def __init__(self, trie: Any) -> None:
        self._get = trie.get

    def __contains__(self, form: object) -> bool:
        try:
            return self._get(form, -1) >= 0  # half as dear as the trie's own `in`
        except UnicodeEncodeError:
            return False


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of `language` (a code such as "fr"), loaded once.

    Raises `UnknownLanguageError` (a `KeyError`) when there is none.
    """
    folder = LANGUAGES / language
    if not language.isalpha() or not (folder / "lexicon.bin").is_file():
        raise UnknownLanguageError(
            f"no lexicon for language {language!r}; there is one for {', '.join(languages()) or 'none'}"
        )
    return Lexicon(language, folder)
