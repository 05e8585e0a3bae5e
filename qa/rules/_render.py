"""Foreign words said in the page's language: translated word by word, agreeing, contracted and elided.

Every word has a few alternatives; a beam search keeps the readings that the language's n-gram counts like best in
their surroundings.  Words are never reordered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.bilingual import translations
from qa.contexts import classes
from qa.function_words import CASES, GENDERS, NUMBERS, FunctionWords, Reading, fits, function_words
from qa.language import Language, language
from qa.lexicon import lexicon
from qa.ngrams import ngrams
from qa.rules._tokens import Place

_BEAM = 16
_LONGEST = 12  # words that are translated one by one
_MOST = 6  # translations of one word that are tried
_DISAGREES = 8.0  # nats against a determiner that does not agree with its noun
_RANK = 0.7  # nats against each step down the list of translations
_AHEAD = 3  # tokens after a determiner among which its noun is looked for
_VOWEL = ("vowel", "mute-h")


class Token(NamedTuple):
    """A word of a translation.

    `places` where it is a determiner (see qa/function_words.py), and `told` where the foreign determiner stood:
    its gender and number are a hint for a noun that is not known.
    """

    text: str
    places: tuple[frozenset[str], ...] = ()
    told: tuple[frozenset[str], ...] = ()


class Rendering(NamedTuple):
    """A run in the page's language.

    `tokens` replace the run; `swallowed` says that the first of them is a contraction which holds the word before
    the run too.  `score` is its natural log-probability in context, penalties included; `gain` by how much this
    exceeds the foreign words'.  `head` counts the tokens from the run to the noun of its last word, a determiner
    (0: it is none); `number` says whether the foreign determiner had the number of that noun (1), another (-1), or
    whether that is unknown (0); `sure` that no word was a guess among many.
    """

    tokens: tuple[str, ...]
    swallowed: bool
    score: float
    gain: float
    head: int
    number: int
    sure: bool


def alternatives(form: str, source: str, own: Language) -> list[tuple[tuple[Token, ...], float]]:
    """What a foreign word may be in the own language, with the nats against each choice."""
    return list(_alternatives(form, source, own.code))


@lru_cache(maxsize=20_000)
def _alternatives(form: str, source: str, code: str) -> tuple[tuple[tuple[Token, ...], float], ...]:
    words = function_words(language(code))
    found: dict[tuple[Token, ...], float] = {}
    for reading in function_words(language(source)).readings.get(form.lower(), ()):
        for tokens, cost in _closed(reading, words):
            found[tokens] = min(cost, found.get(tokens, cost))
    if not found:
        options = translations(form, source, code)
        options = options or (translations(form.lower(), source, code) if form != form.lower() else ())
        for rank, option in enumerate(options[:_MOST]):
            found[tuple(Token(part) for part in option.split())] = rank * _RANK
    return tuple(found.items())


def _closed(reading: Reading, words: FunctionWords) -> Iterator[tuple[tuple[Token, ...], float]]:
    if reading.kind == "determiner":
        for form, places in words.determiners(reading.meaning):
            yield (Token(form, places, reading.places),), 0.0
    elif reading.kind == "contraction":
        for rank, form in enumerate(words.forms.get(("preposition", reading.meaning), ())):
            yield (Token(form),), (rank + 2) * _RANK
            for determiner, places in words.determiners(reading.then):
                yield (Token(form), Token(determiner, places, reading.places)), rank * _RANK
    else:
        for rank, form in enumerate(words.forms.get((reading.kind, reading.meaning), ())):
            yield tuple(Token(part) for part in form.split()), rank * _RANK


def render(place: Place, source: str, own: Language, forms: Sequence[str] | None = None) -> list[Rendering]:
    """The renderings of a run of foreign words, best first; none where a word has no translation or there are too many.

    `forms` says what the words are read as, where that is not what they are.
    """
    beam: list[tuple[tuple[Token, ...], float, float]] = [((), 0.0, 0.0)]
    counts = ngrams(own.code)
    left, after, original = place.before, place.after, place.forms
    if len(original) > _LONGEST:
        return []  # a sentence: word by word it would make no sense
    read_as = forms or [form.replace("’", "'") for form in original]
    for form in read_as:
        options = alternatives(form, source, own)
        if not options:
            return []
        if len(read_as) == 1:  # nothing is cut off: each is judged by what it looks like at last
            beam = [(option, price, 0.0) for option, price in options]
            break
        grown = []
        for tokens, cost, _ in beam:
            for option, price in options:
                longer = (*tokens, *option)
                texts = left + [token.text for token in longer]
                grown.append((longer, cost + price, counts.logprob(texts, len(left), len(texts)) - cost - price))
        grown.sort(key=lambda item: -item[2])
        beam = grown[:_BEAM]
    here = counts.logprob([*left, *original, *after[:3]], len(left), len(left) + len(original))
    results = [_finish(tokens, cost, own, left, after, here) for tokens, cost, _ in beam]
    results.sort(key=lambda rendering: (-rendering.score, rendering.tokens))
    return results


def _finish(
    tokens: tuple[Token, ...], cost: float, own: Language, left: list[str], after: list[str], here: float
) -> Rendering:
    words = function_words(own)
    sure = cost <= _RANK * len(tokens)
    texts = [token.text for token in tokens]
    following = [*left, *texts, *after]
    head = number = 0
    for index, token in enumerate(tokens):
        if token.places:
            at = len(left) + index
            noun = _agreement(token, following[at - 1], following[at + 1 :], own)
            cost += noun.cost
            if index == len(tokens) - 1:
                head, number = noun.distance, noun.number
    swallowed = bool(tokens[0].places) and (left[-1].lower(), texts[0]) in words.joined
    if swallowed:
        texts[0] = words.joined[left[-1].lower(), texts[0]]
        left = left[:-1]
    texts = _joined(texts, after, words, own)
    around = left + texts + after[:3]
    score = ngrams(own.code).logprob(around, len(left), len(left) + len(texts)) - cost
    return Rendering(tuple(texts), swallowed, score, score - here, head, number, sure)


def _joined(texts: list[str], after: list[str], words: FunctionWords, own: Language) -> list[str]:
    """Contractions and elisions written out."""
    result: list[str] = []
    for text in texts:
        if result and (result[-1], text) in words.joined:
            result[-1] = words.joined[result[-1], text]
        else:
            result.append(text)
    onset = lexicon(own.code).onset
    for index, text in enumerate(result):
        following = result[index + 1] if index + 1 < len(result) else after[0] if after else ""
        if text in words.elided and following[:1].isalpha() and onset(following) in _VOWEL:
            result[index] = words.elided[text]
    return result


class _Noun(NamedTuple):
    """The noun of a determiner: tokens to it (0: none), nats against the pair, number as in `Rendering`."""

    distance: int
    cost: float
    number: int


def _agreement(token: Token, before: str, following: Sequence[str], own: Language) -> _Noun:
    """How well a determiner goes with what follows, and with the word before it where there are cases."""
    if not following or not following[0][:1].isalpha():
        return _Noun(0, 0.0, 0)
    known, of_class = lexicon(own.code), classes(own)
    onset = known.onset(following[0])
    features: tuple[tuple[str, str], ...] = ()
    distance = 1
    for steps, word in enumerate(following[:_AHEAD], 1):
        if not word[0].isalpha():
            break
        kind = of_class[word]
        if kind in ("noun", "nominal", "noun-verb", "mixed") and (features := noun_features(word, own.code)):
            distance = steps
            break
        if kind not in ("adjective", "adverb", "number", "nominal", "unknown"):
            break
    told = {n for place in token.told for n in place & NUMBERS}
    if not features:  # an adjective alone: of its numbers, that of the foreign article
        features = noun_features(following[0], own.code, "ADJ")
        features = tuple(pair for pair in features if pair[1] in told) or features
    number = 0
    if len(told) == 1 and features:
        number = 1 if any(n in told for _, n in features) else -1
    if not features:  # the noun is not known: the foreign article is all there is to go by
        features = tuple((gender, n) for gender in _told(token, GENDERS) for n in _told(token, NUMBERS))
    cases = _case_costs(of_class[before] if before[:1].isalpha() else "")
    cost = min(
        (
            _case_cost(place, cases)
            for place in token.places
            for gender, n in features
            if fits((place,), gender, n, onset)
        ),
        default=_DISAGREES,
    )
    return _Noun(distance, cost, number)


def _told(token: Token, dimension: frozenset[str]) -> list[str]:
    """The values of a dimension in which the foreign determiner stood, where it leaves one choice."""
    values = {value for place in token.told for value in place & dimension}
    return list(values) if len(values) == 1 else [""]


def _case_costs(before: str) -> dict[str, float]:
    """Nats against each case, by the class of the word before."""
    if before == "preposition":
        return {"nom": 3.0, "acc": 0.0, "dat": 0.0, "gen": 2.0}
    if before in ("noun", "name", "nominal"):
        return {"nom": 1.0, "acc": 1.0, "dat": 2.0, "gen": 0.0}
    return {"nom": 0.0, "acc": 0.0, "dat": 2.0, "gen": 3.0}


def _case_cost(place: frozenset[str], costs: dict[str, float]) -> float:
    return min((costs[case] for case in place & CASES), default=0.0)


@lru_cache(maxsize=50_000)
def noun_features(word: str, code: str, pos: str = "NOUN") -> tuple[tuple[str, str], ...]:
    """The (gender, number) pairs that a word can have as a noun; an unknown part is ''."""
    found = []
    for reading in lexicon(code).analyses(word):
        if reading.pos == pos and reading.share >= 0.05:
            genders = {"mf": ("m", "f"), "": ("",)}.get(reading.gender, (reading.gender,))
            numbers = {"sp": ("sg", "pl"), "": ("",)}.get(reading.number, (reading.number,))
            found += [(gender, number) for gender in genders for number in numbers]
    return tuple(dict.fromkeys(found))
