"""How words begin for elision and article choice, learnt from what stands before them in the corpora."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from models.lexicon.counts import Corpus
from models.lexicon.sources import Facts
from qa.lexicon import onset_by_rule


def neighbours(corpus: Corpus, words: Iterable[str]) -> dict[str, Counter[str]]:
    """For each of `words`: what (lower-cased) word follows it, and how often."""
    lowered = [t.lower() for t in corpus.types]
    folded: dict[str, int] = {}
    fold = np.array([folded.setdefault(t, len(folded)) for t in lowered])
    names = list(folded)
    wanted = {folded[w]: w for w in words if w in folded}
    result: dict[str, Counter[str]] = {w: Counter() for w in words}
    marks = np.zeros(len(names), bool)
    marks[list(wanted)] = True
    for stream in corpus.streams:
        ids = fold[stream.ids]
        at = np.nonzero(marks[ids[:-1]])[0]
        keys, counts = np.unique(ids[at].astype(np.int64) << 32 | ids[at + 1], return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            result[wanted[key >> 32]][names[key & 0xFFFFFFFF]] += count
    return result


def learnt(corpus: Corpus, facts: Facts) -> dict[str, str]:
    """Word → onset class, where the counts of `[onset.learn]` contradict or confirm the spelling rules.

    `before` maps an onset class to the words that are only written before that class; `first` are the
    first letters in question. A word is decided by at least four occurrences, nine in ten for one class.
    """
    lesson = facts.onset.get("learn")
    if not lesson:
        return {}
    before: dict[str, str] = {w: c for c, words in lesson["before"].items() for w in words}
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, following in neighbours(corpus, before).items():
        for other, count in following.items():
            if other[:1] in lesson["first"]:
                votes[other][before[word]] += count
    found = {}
    for word, counts in votes.items():
        onset, count = counts.most_common(1)[0]
        if count >= 4 and count >= 0.9 * sum(counts.values()):
            spelled = onset_by_rule(word, facts.onset)
            # Where the class merely says "as a vowel", the rule's own name for it stays.
            found[word] = spelled if spelled in lesson.get("same", {}).get(onset, ()) else onset
    return found


_VOWELS = "aeiouáéíóúü"


def stressed_a(word: str) -> bool:
    """Whether a Spanish word begins with a stressed a or ha: agua, águila, hambre, but not amiga."""
    word = word.lower().removeprefix("h")
    if word[:1] == "á":
        return True
    if word[:1] != "a" or any(letter in "áéíóú" for letter in word):
        return False
    nuclei = 0
    previous = False
    for at, letter in enumerate(word):
        vowel = letter in _VOWELS
        if vowel and not (previous and (letter in "iu" or word[at - 1] in "iu")):
            nuclei += 1
        previous = vowel
    return nuclei == (2 if word[-1] in _VOWELS + "ns" else 1)


def stressed_a_nouns(corpus: Corpus, facts: Facts, feminine: Mapping[str, bool]) -> dict[str, str]:
    """Feminine nouns that take the masculine article: by their stress, unless the counts speak against it."""
    articles = facts.onset.get("stressed_a")
    if not articles:
        return {}
    following = neighbours(corpus, articles)
    masculine, other = Counter(following[articles[0]]), Counter(following[articles[1]])
    return {
        word: "stressed-a"
        for word, is_feminine in sorted(feminine.items())
        if is_feminine and stressed_a(word) and masculine[word] >= other[word] and masculine[word] + other[word] > 0
    }
