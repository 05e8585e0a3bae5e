"""Words of the source language stay behind: an article, a preposition, a noun, a phrase.

The engine copies a piece that it did not translate.  An article keeps the gender and number of the *source*
noun; a phrase stands in the target's order, because each word was looked up by itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import lru_cache

from models.corrupt import Damage
from qa.bilingual import translations
from qa.function_words import SUBJECT, fits, function_words
from qa.language import codes, language
from qa.lexicon import languages, lexicon
from qa.rules._render import noun_features
from qa.text import Word

_SHAPES = ("article", "function", "function", "content", "content", "phrase")
_COMMON = 600.0  # per million: a copied form that the target itself uses so often leaves no visible defect
_LONGEST = 4
_WORD = re.compile(r"[^\W\d_]+")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Replace one to four words by their counterparts in a source language drawn at random."""
    sources = [other for other in sources_of() if other != code]
    source = rng.choice([*sources, *["en"] * (2 if "en" in sources else 0)])
    return damage_from(text, code, source, rng)


def sources_of() -> list[str]:
    """The languages that words can be left over from: those with a lexicon and closed classes."""
    return [code for code in codes() if code in languages() and language(code).has(SUBJECT)]


def damage_from(text: str, code: str, source: str, rng: random.Random) -> Damage | None:
    """The same, with the source language given."""
    words = [Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
    shape = rng.choice(_SHAPES)
    places = list(range(len(words)))
    rng.shuffle(places)
    for index in places[:25]:
        if not _free(text, words[index]):
            continue
        if shape == "article":
            found = _article(words, index, code, source, rng)
        elif shape == "function":
            found = _function(words, index, code, source, rng)
        elif shape == "content":
            found = _content(words[index].text, code, source, rng)
        else:
            phrase = _phrase(text, words, index, code, source, rng)
            if phrase:
                last, new = phrase
                return _made(text, words[index].start, words[last].end, new)
            found = None
        if found and _visible(found, words[index].text, code):
            return _made(text, words[index].start, words[index].end, found)
    return None


def _made(text: str, start: int, end: int, new: str) -> Damage:
    if text[start].isupper() and (start == 0 or text[start - 2 : start - 1] in ".!?"):
        new = new[0].upper() + new[1:]
    return Damage(text[:start] + new + text[end:], start, start + len(new), text[start:end], "leftover")


def _free(text: str, word: Word) -> bool:
    """Whether the word stands alone between spaces and simple punctuation, and is no name."""
    before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
    return before in ("", " ") and after in ("", " ", ",", ".", ";", ":") and not word.text[1:].isupper()


def _visible(new: str, old: str, code: str) -> bool:
    """Whether the copied words are other than the old one, and one of them is none that the language often uses."""
    if new.lower() == old.lower():
        return False
    return any(lexicon(code).frequency(word) < _COMMON for word in new.lower().split())


def _article(words: Sequence[Word], index: int, code: str, source: str, rng: random.Random) -> str | None:
    if index + 1 >= len(words):
        return None
    noun = words[index + 1].text
    features = noun_features(noun, code)
    if not features:
        return None
    readings = [
        r
        for r in function_words(language(code)).readings.get(words[index].text.lower(), ())
        if r.kind in ("determiner", "contraction")
    ]
    if not readings:
        return None
    reading = rng.choice(readings)
    number = features[0][1]
    gender = ""
    for translation in translations(noun, code, source)[:1]:
        gender = next((g for g, n in noun_features(translation, source) if n == number), "")
    meaning = reading.then or reading.meaning
    forms = [form for form, places in _determiners(source, meaning) if fits(places, gender, number)]
    if not forms:
        return None
    determiner = rng.choice(forms)
    if reading.kind == "determiner":
        return determiner
    words_of = function_words(language(source))
    preposition = words_of.forms["preposition", reading.meaning][0]
    return words_of.joined.get((preposition, determiner), f"{preposition} {determiner}")


@lru_cache
def _determiners(source: str, meaning: str) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    found = function_words(language(source)).determiners(meaning)
    return tuple((form, places) for form, places in found if form[-1].isalpha())


def _function(words: Sequence[Word], index: int, code: str, source: str, rng: random.Random) -> str | None:
    readings = [
        r
        for r in function_words(language(code)).readings.get(words[index].text.lower(), ())
        if r.kind not in ("determiner", "contraction")
    ]
    if not readings:
        return None
    reading = rng.choice(readings)
    forms = function_words(language(source)).forms.get((reading.kind, reading.meaning), ())
    return forms[0] if forms else None


def _content(word: str, code: str, source: str, rng: random.Random) -> str | None:
    noun = word[0].isupper() and any(r.pos == "NOUN" for r in lexicon(code).analyses(word))
    if len(word) < 4 or (word[0].isupper() and not noun):
        return None
    if word.lower() in function_words(language(code)).readings:
        return None
    for translation in translations(word, code, source)[:1]:
        if lexicon(code).frequency(translation) == 0 and lexicon(source).frequency(translation) > 0.5:
            return _inflected(translation, source, rng)
    return None


def _inflected(word: str, source: str, rng: random.Random) -> str:
    """The word in another form, now and then: bilingual lists give the form that they have, a source text any."""
    readings = lexicon(source).analyses(word)
    if rng.random() < 0.6 or not readings or readings[0].pos not in ("NOUN", "ADJ", "VERB"):
        return word
    number = rng.choice(("sg", "pl"))
    form = rng.choice(("fin", "pp")) if readings[0].pos == "VERB" else ""
    forms = lexicon(source).inflect(word, number=number, pos=readings[0].pos, to=form)
    return rng.choice(forms[:3]) if forms else word


def _phrase(
    text: str, words: Sequence[Word], index: int, code: str, source: str, rng: random.Random
) -> tuple[int, str] | None:
    count = rng.randint(2, _LONGEST)
    if index + count > len(words):
        return None
    new, visible = [], 0
    for at in range(index, index + count):
        word = words[at]
        if (at > index and text[words[at - 1].end : word.start] != " ") or not _free(text, word):
            return None
        found = _article(words, at, code, source, rng) or _function(words, at, code, source, rng)
        found = found or _content(word.text, code, source, rng)
        if not found:
            return None
        visible += _visible(found, word.text, code)
        new.append(found)
    return (index + count - 1, " ".join(new)) if visible >= count / 2 else None
