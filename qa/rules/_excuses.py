"""What else a determiner may be, or may belong to, that does not agree with the noun behind it.

Most words that look like determiners are pronouns at times, and most nouns have namesakes.  All of this speaks against
a clash; what each language says of it stands in `agreement.toml`.
"""

from __future__ import annotations

from qa.grammar import EVERY, PLURAL, Determiner
from qa.rules._agreement import Grammar
from qa.rules._phrase import Item, Phrase, follows, mark_before
from qa.rules._repair import finite_behind
from qa.text import Block

_SINGULAR = EVERY & ~PLURAL
_SOMETIMES, _MOSTLY = 0.15, 0.6  # … as a noun
_ALWAYS, _COMMON = 0.99, 10.0  # … as a noun, so many times per million words: no verb
_NOISE = 0.05  # the most that a word may be used as something else than a noun or an adjective
_MARKS, _STOPS = frozenset(",;:—–("), frozenset(".!?")


def excused(phrase: Phrase, at: int, to: int, block: Block, facts: Grammar) -> bool:
    """Whether the determiner at `at` need not agree with the noun at `to`."""
    item, word = phrase.items[at], phrase.items[to]
    determiner = item.determiner
    assert determiner is not None
    if determiner.opens and phrase.items[phrase.nominal].text in facts.adverbial:
        return True
    return (
        _after_determiner(phrase, block, facts)
        or _locution(phrase, to, block, facts)
        or _is_adverb(phrase, to, facts)
        or _nominalised(item, word, block, facts)
        or _no_determiner(phrase, word, determiner, block, facts)
        or _counting(phrase, block, facts)
        or _noun_follows(phrase, to, block, facts)
        or _old_dative(item, word, facts)
    )


def _after_determiner(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the phrase is the rest of one that began with a determiner ("der einen Karte", "dieses eine Paket")."""
    if not phrase.first or not follows(block.prose, block.words[phrase.first - 1].end, block.words[phrase.first]):
        return False
    before = facts.determiners.get(block.words[phrase.first - 1].text.lower())
    return before is not None and not before.pronoun


def _locution(phrase: Phrase, at: int, block: Block, facts: Grammar) -> bool:
    """Whether the noun is part of a preposition, so that the determiner stands alone ("en créer un grâce à …")."""
    return tuple(form.lower() for form in block.forms[phrase.first + at :][:2]) in facts.locutions


def _is_adverb(phrase: Phrase, at: int, facts: Grammar) -> bool:
    """Whether a word before the noun lacks the ending of an adjective ("dat het mogelijk steun krijgt")."""
    between = phrase.items[phrase.nominal : at]
    determiner = phrase.items[phrase.nominal - 1].determiner
    if not facts.attributive or determiner is None or not determiner.pronoun:
        return False
    return any(not item.text.endswith(facts.attributive) for item in between)


def _nominalised(item: Item, word: Item, block: Block, facts: Grammar) -> bool:
    """Whether what looks like a plural is a verb as a noun, which a neuter determiner goes with ("beim Booten")."""
    ending = facts.endings.infinitive
    if not ending or not word.text.endswith(ending) or not item.mask & facts.endings.infinitives:
        return False
    if facts.capital_nouns:  # a dative plural: "Booten" of "Boote"
        return bool(facts.role(word.text.removesuffix("n")).noun & PLURAL)
    behind = block.prose[word.end : word.end + 5]
    return any(behind.startswith(f" {link} ") for link in facts.objects)


def _old_dative(item: Item, word: Item, facts: Grammar) -> bool:
    """Whether the noun has the old ending of the dative that the determiner asks for ("dem Manne")."""
    if not facts.old_dative or not word.text.endswith(facts.old_dative):
        return False
    stem, known = word.text.removesuffix(facts.old_dative), facts.words
    dative = item.determiner is not None and any(
        place.case == "dat" and place.mask & _SINGULAR & facts.role(stem).noun for _, place in item.determiner.places
    )
    return dative and known.frequency(stem) > known.frequency(word.text)


def _counting(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the determiner is the end of a number ("vingt et une pages")."""
    before = block.words[max(0, phrase.first - 2) : phrase.first]
    if len(before) < 2 or before[1].text.lower() not in facts.coordinators:
        return False
    return any(reading.pos == "NUM" for reading in facts.words.analyses(before[0].text.lower()))


def _noun_follows(phrase: Phrase, to: int, block: Block, facts: Grammar) -> bool:
    """Whether, where nouns do not follow nouns, one does: it may be the head ("die Moskauer Hündin")."""
    at = phrase.first + to + 1
    if facts.adjectives or at >= len(block.words) or not follows(block.prose, phrase.items[to].end, block.words[at]):
        return False
    other = facts.role(block.words[at].text)
    if facts.capital_nouns:
        return bool(other.noun & phrase.items[0].mask) and block.words[at].text[:1].isupper()
    if not block.words[at].text.islower():
        return False
    return (bool(other.noun) and other.noun_share >= _SOMETIMES) or not facts.words.analyses(block.words[at].text)


def _no_determiner(phrase: Phrase, word: Item, determiner: Determiner, block: Block, facts: Grammar) -> bool:
    """Whether the determiner may be something else here: a verb's pronoun, a relative, the article of a verb."""
    assert word.role is not None
    governed = _governed(phrase, block, facts)
    pronoun = determiner.pronoun and (determiner.opens or not governed)  # "que nos honra"
    pronoun = pronoun and not (facts.verb_second and _opens_sentence(phrase, block))
    if determiner.preposition and not governed:
        return True
    if not (facts.verb_second or facts.clitics_after) and finite_behind(phrase, block, facts):
        pronoun = False  # the verb is what follows ("this measures are")
    elif word.role.verb_share > (_NOISE / 2 if pronoun else 0.3):
        return True
    if pronoun and _may_be_verb(phrase.items[phrase.nominal], facts) and _free(phrase, block, facts):
        return True  # "this guards against it"
    if pronoun and ((not facts.plurals and word.mask & PLURAL) or _clitic(phrase, block, facts)):
        return True
    before = block.words[phrase.first - 1].text.lower() if phrase.first else ""
    if before in facts.progressive and word.text.endswith(facts.endings.infinitive):
        return True
    if pronoun and not facts.clitics_after and before in facts.openers:
        return True  # "wenn einer Fragen hat", "dat dit steun verdient"
    if pronoun and facts.capital_nouns and _after_comma(phrase, block, facts):
        return True
    if not determiner.relative:
        return False
    if before in facts.identifying or (pronoun and before and facts.role(before.capitalize()).noun_share >= _MOSTLY):
        return True  # "sind das Leute", "ein Werkzeug welches Dateien prüft"
    return _after_comma(phrase, block, facts)


def _may_be_verb(item: Item, facts: Grammar) -> bool:
    """Whether the word is a verb at times, however seldom, or looks like a regular one's form."""
    return bool(item.role and item.role.verb_share) or facts.may_be_verb(item.text)


def _free(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a verb with its pronoun may follow: a clause begins, or something like a subject stands before."""
    mark = mark_before(block.prose, block.words[phrase.first].start)
    if not phrase.first or mark in _STOPS:
        return phrase.items[0].text.lower() not in facts.clitics_never_first
    if mark in _MARKS:
        return True
    before = block.words[phrase.first - 1].text.lower()
    return before in facts.coordinators or before in facts.openers or facts.role(before).noun_share >= _MOSTLY


def _opens_sentence(phrase: Phrase, block: Block) -> bool:
    """Whether the phrase opens a sentence, where a pronoun would have its verb right behind it."""
    first = block.words[phrase.first]
    return first.text[0].isupper() and mark_before(block.prose, first.start) in {"", *_STOPS}


def _governed(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a preposition stands right before the phrase."""
    return bool(phrase.first) and block.words[phrase.first - 1].text.lower() in facts.links


def _clitic(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a subject or another clitic stands right before, so that the determiner may be a verb's pronoun."""
    if not phrase.first or not facts.clitics_after:
        return False
    before, first = block.words[phrase.first - 1], block.words[phrase.first]
    if not follows(block.prose, before.end, first):
        return False
    if before.text.lower() in facts.clitics_after or (before.text[0].isupper() and phrase.first > 1):
        return True
    noun = phrase.items[phrase.nominal]
    if facts.endings.certain(noun.text, noun.mask) or _never_verb(noun, facts):
        return False
    return facts.role(before.text).noun_share >= _MOSTLY


def _never_verb(item: Item, facts: Grammar) -> bool:
    """Whether the word is too well known as a noun to be a verb as well."""
    assert item.role is not None
    if facts.may_be_verb(item.text):
        return False
    return item.role.noun_share >= _ALWAYS and facts.words.frequency(item.text) >= _COMMON


def _after_comma(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the phrase opens a clause behind a comma, where a determiner may be a pronoun."""
    at = phrase.first
    while at and block.words[at - 1].text.lower() in facts.links:
        at -= 1
    return mark_before(block.prose, block.words[at].start) in _MARKS
