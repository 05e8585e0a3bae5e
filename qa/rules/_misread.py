"""The places where the Italian article "i" was read as the English pronoun "I": see qa/rules/misread_article.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from qa.contexts import classes
from qa.language import Language
from qa.lexicon import Analysis, lexicon
from qa.memory import Memo
from qa.ngrams import ngrams
from qa.page import Page
from qa.rules._columns import Ask, column, listed, set_in
from qa.rules._render import Rendering, noun_features, render
from qa.rules._tokens import Place, tokens
from qa.text import Block, Words

SUBJECT = "misread-article"
SOURCE = "it"  # the language whose article is meant …
_ARTICLE = "i"  # … and that article
_NUMBERED = frozenset({"name", "noun", "nominal", "noun-verb", "adjective", "number"})  # what a numeral follows
_JOINS = ("-", "‑", "'", "’", "_")  # what makes one token of two words
_AHEAD = 2  # words from the pronoun to the noun: an adjective may stand between


def misread(block: Block, page: Page) -> Iterator[tuple[Place, Rendering]]:
    """Pronouns of the first person with a plural noun behind them that cannot be a verb, and the article meant."""
    if not page.language.has(SUBJECT):
        return
    facts = page.language.derive(_facts)
    if not _candidate(block, page.language, facts):
        return
    line = tokens(block, page.language)
    for at, token in enumerate(line):
        if len(token.text) > facts.longest or token.text.rstrip("'’").lower() not in facts.pronouns:
            continue
        if not _lone(line, at, page.language, facts) or not _plural_noun(line, at, page.language):
            continue
        sure = facts.verb_last and _opens(line, at)  # the verb would stand right behind it
        if not sure and ngrams(page.language.code).count(token.text, line[at + 1].text):
            continue  # a verb that the lexicon takes for a noun ("je bois")
        place = Place(line, at, at + 1)
        for rendering in render(place, SOURCE, page.language, [_ARTICLE]):
            if facts.articles and rendering.tokens[0].lower() not in facts.articles:
                continue
            if rendering.head and rendering.number > 0 and (sure or rendering.gain > 0):
                yield place, rendering
                break


def addressed(page: Page) -> frozenset[int]:
    """A gate: the blocks with such a pronoun."""
    return page.numbers(set_in(column(page, _pronoun))) if page.language.has(SUBJECT) else frozenset()


def _pronoun(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is a pronoun of the first person."""
    return listed(dict.fromkeys(own.derive(_facts).spellings, 1))


def _candidate(block: Block, own: Language, facts: _Facts) -> bool:
    """A cheap first look: whether some pronoun of the block has a word behind it that can be no verb."""
    forms, gaps, nominal = block.forms, block.gaps, own.derive(_nominal)
    for at in block.where(facts.spellings):
        if at + 1 < len(forms) and (gaps[at + 2][:1] in _JOINS or nominal[forms[at + 1]]):
            return True  # what is joined on is not judged here
    return False


def _nominal(own: Language) -> Memo[bool]:
    """Spelling → whether it is known and can be no verb of the first person."""
    words = lexicon(own.code)
    return Memo(lambda form: bool(words.analyses(form)) and not any(map(_may_be_verb, words.analyses(form))), 50_000)


class _Facts(NamedTuple):
    pronouns: frozenset[str]
    spellings: frozenset[str]  # as words of a block: without an apostrophe, in small letters and with a capital
    longest: int  # characters of one with its apostrophe
    verb_last: bool
    subjects: frozenset[str]
    endings: Mapping[str, str]
    articles: frozenset[str]
    also_conjunctions: frozenset[str]


def _facts(language: Language) -> _Facts:
    facts = language.facts(SUBJECT)
    pronouns = frozenset(facts["pronouns"])
    bare = {pronoun.rstrip("'") for pronoun in pronouns}
    return _Facts(
        frozenset(bare),
        frozenset(bare | {pronoun.capitalize() for pronoun in bare}),
        max(map(len, bare)) + 1,
        bool(facts["verb_last"]),
        frozenset(facts.get("subjects", ())),
        facts.get("endings", {}),
        frozenset(facts.get("articles", ())),
        frozenset(facts.get("also_conjunctions", ())),
    )


def _lone(line: Words, at: int, own: Language, facts: _Facts) -> bool:
    """Whether nothing before the pronoun explains the noun after it."""
    if at == 0:
        return True
    before = line[at - 1]
    if before.end == line[at].start and not before.text[-1].isspace() and before.text not in "«“„\"'([":
        return False  # "puis-je"
    if not before.text[0].isalpha():
        return before.text in ".!?…" or (not facts.verb_last and before.text in ',;:«“„"([–—')
    word = before.text.lower() if _opens(line, at - 1) else before.text
    verbs = (r for r in lexicon(own.code).analyses(word) if r.pos in ("VERB", "AUX"))
    if any(r.person == "1" and (r.number != "pl" or not facts.verb_last) for r in verbs):
        return False  # "tengo yo perros": its verb
    kind = classes(own)[word]
    if facts.verb_last and (before.text.lower() in facts.subjects or (kind == "verb" and _of_others(word, own, facts))):
        return True  # the clause has a subject, or a verb that is not the pronoun's
    if facts.verb_last:
        return kind in ("preposition", "noun") and before.text.lower() not in facts.also_conjunctions
    return kind not in _NUMBERED  # "World War I battles", "Type I errors": a numeral


def _opens(line: Words, at: int) -> bool:
    """Whether a sentence begins there."""
    return at == 0 or line[at - 1].text in ".!?…"


def _of_others(verb: str, own: Language, facts: _Facts) -> bool:
    """Whether the ending of a finite verb is not that of the first person: in the plural, or an infinitive's stem."""
    third = facts.endings["third"]
    if verb.endswith(facts.endings["plural"]):
        return True
    if not verb.endswith(third):
        return False
    readings = lexicon(own.code).analyses(verb.removesuffix(third) + facts.endings["infinitive"])
    return any(r.pos == "VERB" and r.form in ("inf", "") for r in readings)


def _plural_noun(line: Words, at: int, own: Language) -> bool:
    """Whether a plural noun follows, directly or over an adjective, and no word that could be the pronoun's verb."""
    known = lexicon(own.code)
    for following in line[at + 1 : at + 1 + _AHEAD]:
        word = following.text
        if word[0].isupper() and known.capitalised_share(word) < 0.5:
            return False  # a name
        if "-" in word:
            return False  # a verb with its object ("tenho-as")
        readings = known.analyses(word)
        if not readings or any(_may_be_verb(reading) for reading in readings):
            return False
        nouns = [reading for reading in readings if reading.pos == "NOUN"]
        if nouns:
            plural = sum(reading.share for reading in nouns if reading.number in ("pl", "sp"))
            return 2 * plural >= sum(reading.share for reading in nouns)
        if any(number == "sg" for _, number in noun_features(word, own.code, "ADJ")):
            return False
    return False


def _may_be_verb(reading: Analysis) -> bool:
    """Whether this reading lets the word stand behind a pronoun of the first person."""
    if reading.pos in ("VERB", "AUX"):
        return reading.form != "pp" and reading.person not in ("2", "3")
    return reading.pos not in ("NOUN", "ADJ", "PROPN")
