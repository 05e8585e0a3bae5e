"""Builds the bilingual lists: rows of dictionaries, closed classes by hand, and word alignment over parallel text."""

from __future__ import annotations

import csv
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import marisa_trie
import numpy as np

from models.heldout import is_heldout
from models.lexicon.sources import lines
from qa import artefact
from qa.bilingual import POS, READING, WEIGHT_SHIFT
from qa.lexicon import Lexicon
from qa.ngrams import tokens

#: Translations kept of each word.
KEPT = 8

#: Weight of a dictionary row before the frequencies are compared; word alignment gives up to 1.
DICTIONARY = 0.5

Pairs = dict[tuple[str, str], tuple[float, str]]


def _plain(text: str) -> str:
    return text.replace("’", "'").strip()


def dictionary(data: Path, language: str) -> Pairs:
    """English–`language` pairs of the dictionary rows we may ship."""
    pairs: Pairs = {}
    path = data / "bilingual" / f"en-{language}.tsv.xz"
    for record in csv.reader(lines(path), delimiter="\t", quoting=3):
        english, other, pos, _, _, origin = record
        if "wiktionary" not in origin.split(",") or english.count(" ") > 2 or other.count(" ") > 3:
            continue
        pairs.setdefault((_plain(english), _plain(other)), (DICTIONARY, pos if pos in POS else ""))
    return pairs


def aligned(data: Path, language: str, elision: bool, *, rounds: int = 6) -> Pairs:
    """Pairs that IBM model 1 (Brown et al., 1993) in both directions finds in the parallel text."""
    english_ids: defaultdict[str, int] = defaultdict()
    other_ids: defaultdict[str, int] = defaultdict()
    english_ids.default_factory, other_ids.default_factory = english_ids.__len__, other_ids.__len__
    left, right, sentence = array("q"), array("q"), array("q")
    for number, line in enumerate(lines(data / "parallel" / f"en-{language}.tsv.xz")):
        record = line.split("\t")
        if number == 0 or len(record) != 3 or is_heldout(record[2]) or len(record[2]) > 400:
            continue
        ours = {english_ids[w] for w in _words(record[1], False)}
        theirs = {other_ids[w] for w in _words(record[2], elision)}
        for a in ours:
            for b in theirs:
                left.append(a)
                right.append(b)
                sentence.append(number)
    e, f, s = (np.frombuffer(column, np.int64) for column in (left, right, sentence))
    size = len(other_ids)
    keys, at = np.unique(e * size + f, return_inverse=True)
    forward = _model_one(e, f, s, keys // size, keys % size, at, rounds)
    backward = _model_one(f, e, s, keys % size, keys // size, at, rounds)
    together = np.bincount(at)
    score = np.sqrt(forward * backward)
    kept = np.nonzero((together >= 3) & (score >= 0.05))[0]
    english, other = list(english_ids), list(other_ids)
    return {(english[keys[k] // size], other[keys[k] % size]): (float(score[k]), "") for k in kept.tolist()}


def _words(text: str, elision: bool) -> list[str]:
    return [w.lower() for w in tokens(text, elision=elision) if w[0].isalpha()]


def _model_one(
    given: np.ndarray,
    made: np.ndarray,
    sentence: np.ndarray,
    key_given: np.ndarray,
    key_made: np.ndarray,
    at: np.ndarray,
    rounds: int,
) -> np.ndarray:
    """Translation probabilities p(made | given) per distinct pair."""
    _, slot = np.unique(sentence * (int(made.max()) + 1) + made, return_inverse=True)
    probability = np.ones(len(key_given))
    for _ in range(rounds):
        weight = probability[at]
        weight /= np.bincount(slot, weight)[slot]
        expected = np.bincount(at, weight)
        probability = expected / np.bincount(key_given, expected)[key_given]
    return probability


def combine(dictionary_: Pairs, aligned_: Pairs, english: Lexicon, other: Lexicon) -> Pairs:
    """One weight per pair: dictionary rows by how well the frequencies fit, plus what alignment proves.

    Words get the capital that they always have and lose one that they never have. Words that no text shows and
    whose translation no text shows either are left out.
    """
    pairs: Pairs = {}
    listed, proven = (
        _merged(((_cased(one, english), _cased(two, other)), value) for (one, two), value in table.items())
        for table in (dictionary_, aligned_)
    )
    for key in sorted(listed.keys() | proven.keys()):
        weight, pos = listed.get(key, (0.0, ""))
        if weight:
            one, two = english.frequency(key[0]), other.frequency(key[1])
            if not one and not two and " " not in key[0]:
                continue
            phrase = " " in key[1] and " " not in key[0]
            weight *= math.exp(-0.25 * abs(math.log(one + 0.05) - math.log(two + 0.05))) * (0.4 if phrase else 1.0)
        weight += proven.get(key, (0.0, ""))[0]
        pairs[key] = min(weight, 1.0), pos
    return pairs


def _merged(items: Iterable[tuple[tuple[str, str], tuple[float, str]]]) -> Pairs:
    merged: Pairs = {}
    for key, value in items:
        merged[key] = max(merged.get(key, (0.0, "")), value)
    return merged


def _cased(word: str, lexicon: Lexicon) -> str:
    if not word.isalpha():
        return word
    share = lexicon.capitalised_share(word)
    if word.islower():
        return word.capitalize() if share > 0.6 else word
    return word.lower() if share < 0.2 and word[1:].islower() and word.lower() in lexicon else word


def _table(
    number: Mapping[str, int], other: Mapping[str, int], pairs: Pairs, *, reverse: bool
) -> tuple[Sequence[int], bytes]:
    lists: defaultdict[int, list[tuple[float, str, str]]] = defaultdict(list)
    for (a, b), (weight, pos) in pairs.items():
        source, target = (b, a) if reverse else (a, b)
        lists[number[source]].append((-weight, target, pos))
    starts, items = array("I", [0]), array("I")
    for source_number in range(len(number)):
        for weight, target, pos in sorted(lists[source_number])[:KEPT]:
            code = max(1, round(-weight * READING))
            items.append(other[target] | POS.index(pos) << 20 | code << WEIGHT_SHIFT)
        starts.append(len(items))
    return starts, items.tobytes()


def write(out: Path, lists: Mapping[str, Pairs]) -> None:
    """Write bilingual.trie and bilingual.bin of every language of `lists` and the English words' trie."""
    english = sorted({a for pairs in lists.values() for a, _ in pairs})
    english_trie = marisa_trie.Trie(english, order=marisa_trie.LABEL_ORDER)
    with artefact.replacing(out / "en" / "bilingual.trie") as part:
        english_trie.save(str(part))
    english_number = {word: english_trie[word] for word in english}
    assert len(english) < 1 << 20
    for language, pairs in lists.items():
        words = sorted({b for _, b in pairs})
        trie = marisa_trie.Trie(words, order=marisa_trie.LABEL_ORDER)
        with artefact.replacing(out / language / "bilingual.trie") as part:
            trie.save(str(part))
        number = {word: trie[word] for word in words}
        from_starts, from_items = _table(english_number, number, pairs, reverse=False)
        to_starts, to_items = _table(number, english_number, pairs, reverse=True)
        artefact.write(
            out / language / "bilingual.bin",
            {"language": language, "english_words": len(english)},
            {
                **artefact.offsets("from_starts", from_starts),
                "from_items": ("I", from_items),
                **artefact.offsets("to_starts", to_starts),
                "to_items": ("I", to_items),
            },
        )
