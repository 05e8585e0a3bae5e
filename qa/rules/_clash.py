"""When the words of a noun phrase disagree for certain, and how they could be made to agree."""

from __future__ import annotations

from typing import NamedTuple

from qa.grammar import EVERY, PLURAL, Determiner, cell_name, cells, other_number
from qa.rules._agreement import Grammar
from qa.rules._phrase import Item, Phrase, disagreements, follows, mark_before
from qa.rules._repair import finite_behind
from qa.rules._roles import UNKNOWN
from qa.text import Block

_SINGULAR = EVERY & ~PLURAL
_SOMETIMES, _MOSTLY = 0.15, 0.6  # … as a noun
_FAR = 8  # words before a phrase in which another noun may own its adjective …
_SEEN = 2  # … unless the pair was seen as often
_NOUN, _ADJECTIVE = 0.9, 0.7  # … as a noun, and as an adjective, where the words around it agree
_ALWAYS, _COMMON = 0.99, 10.0  # … as a noun, so many times per million words: no verb
_MARKS, _STOPS = frozenset(",;:—–("), frozenset(".!?")
_NOISE = 0.05  # the most that a word may be used as something else than a noun or an adjective


class Clash(NamedTuple):
    """Two items of a phrase, by index, that do not agree.

    `between`: the second is an adjective between a determiner and a noun that agree with each other.
    """

    one: int
    other: int
    between: bool = False


def clash(phrase: Phrase, block: Block, facts: Grammar) -> Clash | None:
    """The first two words of the phrase that cannot agree, or None."""
    items, head, first = phrase.items, phrase.head, phrase.nominal
    if facts.head_last and _open_end(phrase, block, facts):
        return None
    if _between(phrase, facts):
        return Clash(head, first, between=True)
    one, other = next(disagreements([item.mask for item in items], first, head), (-1, -1))
    if one < 0:
        return None
    if one == head:
        sure = _behind(phrase, block, facts)
    else:
        sure = one >= first or _determined(phrase, one, other, block, facts)
        sure = sure and (not first < head == other or _before(items[head - 1], items[head], facts))
    return Clash(one, other) if sure else None


def _between(phrase: Phrase, facts: Grammar) -> bool:
    """Whether a determiner and the noun agree, and the one adjective between them fits neither."""
    items, head, first = phrase.items, phrase.head, phrase.nominal
    if head != first + 1 or first != 1 or not facts.adjectives:
        return False
    determiner, adjective, noun = items[:3]
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None and determiner.determiner is not None
    if not determiner.mask & noun.mask or adjective.mask & (determiner.mask | noun.mask):
        return False
    if determiner.determiner.weak:
        return False
    if adjective.text.lower() in facts.invariable and not _usual_before(adjective, noun, facts):
        return False
    return (
        of_noun.noun_share >= _NOUN
        and role.adjective_share >= _ADJECTIVE
        and max(role.verb_share, role.participle_share) < _NOISE
        and not facts.counts.count(adjective.text, noun.text)
        and not facts.foreign(adjective.text)
    )


def _usual_before(adjective: Item, noun: Item, facts: Grammar) -> bool:
    """Whether the adjective, inflected for the noun, is known to stand before it ("primeira metade")."""
    return any(facts.counts.count(form, noun.text) >= _SEEN for form in _inflected(adjective, noun, facts))


def _inflected(adjective: Item, noun: Item, facts: Grammar) -> set[str]:
    """The forms of an adjective in the cells of a noun."""
    return {
        form
        for cell in cells(noun.mask)
        for form in facts.words.inflect(adjective.text, gender=cell_name(cell)[0], number=cell_name(cell)[1])
    }


def _open_end(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether, where the last noun is the head, the phrase may have another head than the one found."""
    items = phrase.items
    if any(item.role.noun & items[0].mask for item in items[phrase.nominal : -1] if item.role is not None):
        return True
    if phrase.head < 0:
        return True
    if phrase.after >= len(block.words) or not follows(block.prose, items[-1].end, block.words[phrase.after]):
        return False
    return not facts.words.analyses(block.words[phrase.after].text)


def _determined(phrase: Phrase, at: int, to: int, block: Block, facts: Grammar) -> bool:
    """Whether a determiner cannot belong to the word at `to`."""
    item, word = phrase.items[at], phrase.items[to]
    determiner, role = item.determiner, word.role
    assert determiner is not None and role is not None
    if determiner.weak or word.text.lower() in facts.uninflected:
        return False
    if determiner.opens and phrase.items[phrase.nominal].text in facts.adverbial:
        return False
    if _after_determiner(phrase, block, facts) or _locution(phrase, to, block, facts):
        return False
    if _is_adverb(phrase, to, facts) or _nominalised(item, word, block, facts):
        return False
    if role.other_share > _NOISE or _otherwise(phrase, word, determiner, block, facts):
        return False
    if _counting(phrase, block, facts) or _noun_follows(phrase, to, block, facts):
        return False
    if _old_dative(item, word, facts):
        return False
    if facts.usual(determiner, word.text) or item.mask & facts.cells_of(word.text, word.mask):
        return False
    if item.mask & PLURAL & other_number(word.mask) and _coordinated(phrase, to, block, facts):
        return False
    return not facts.foreign(word.text)


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


def _otherwise(phrase: Phrase, word: Item, determiner: Determiner, block: Block, facts: Grammar) -> bool:
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
    return first.text[0].isupper() and mark_before(block.prose, first.start) in ("", ".", "!", "?")


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
    mark = mark_before(block.prose, block.words[at].start)
    return bool(mark) and mark in ",;:—–("


def _coordinated(phrase: Phrase, to: int, block: Block, facts: Grammar) -> bool:
    """Whether another word stands beside the one at `to` ("les premier et second tomes")."""
    text, end = block.prose, phrase.items[to].end
    at = phrase.first + to + 1
    words = block.words[at : at + 2]
    if not words:
        return False
    gap = text[end : words[0].start].strip()
    at = int(gap == "" and words[0].text.lower() in facts.coordinators)
    if not (at or gap == ",") or at >= len(words) or words[at].text in facts.spelled:
        return False
    return bool(facts.masks[words[at].text] if facts.adjectives else facts.role(words[at].text).noun)


def _before(adjective: Item, noun: Item, facts: Grammar) -> bool:
    """Whether the word before the noun is an adjective to it and no noun of its own."""
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None
    if of_noun.verb_share > _NOISE or of_noun.other_share > _NOISE or of_noun.adjective_share > 0.2:
        return False
    if adjective.text.lower() in facts.invariable:
        return False
    if not adjective.mask & noun.mask:
        return False  # two words agree with each other and not with the noun: they are a phrase of their own
    return max(role.noun_share, role.other_share, role.participle_share) < _NOISE


def _behind(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the adjective behind the noun can belong to no other word."""
    noun, adjective = phrase.items[phrase.head], phrase.items[phrase.head + 1]
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None
    if max(role.noun_share, role.verb_share, role.other_share) > _NOISE or of_noun.verb_share > 0.3:
        return False
    if not role.participle_share and facts.may_be_verb(adjective.text):
        return False  # "il pennello varia"
    if adjective.text.lower() in facts.invariable or noun.text.lower() in facts.circumstances:
        return False
    if facts.counts.count(noun.text, adjective.text) or facts.foreign(noun.text) or facts.foreign(adjective.text):
        return False
    if facts.cells_of(noun.text, noun.mask) & adjective.mask or _before_next(phrase, block, facts):
        return False
    if _coordinated(phrase, phrase.head + 1, block, facts):
        return False
    return not of_another(phrase, block, facts) or (role.participle_share < _NOISE and usual(noun, adjective, facts))


def of_another(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a noun before the phrase may own the adjective behind its noun."""
    mask = phrase.items[phrase.head + 1].mask
    back = block.forms[max(0, phrase.first - _FAR) : phrase.first]
    return any((len(form) > 1 and facts.role(form).noun & mask) or form.lower() in facts.coordinators for form in back)


def _before_next(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the last adjective may belong to a noun behind it, or be half of one ("histórico sanitaria")."""
    last = phrase.items[-1]
    if phrase.after >= len(block.words) or not follows(block.prose, last.end, block.words[phrase.after]):
        return False
    role = facts.role(block.words[phrase.after].text)
    half = last.text.endswith("o") and role.adjective & phrase.items[phrase.head].mask
    return bool(role.noun & last.mask or half) or role is UNKNOWN


def usual(noun: Item, adjective: Item, facts: Grammar) -> bool:
    """Whether the adjective, inflected for the noun, is known to stand behind it."""
    return any(facts.counts.count(noun.text, form) >= _SEEN for form in _inflected(adjective, noun, facts))
