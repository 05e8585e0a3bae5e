"""A pronoun repeats the subject that stands right before it.

Source languages that leave subject pronouns out make a translator invent one, and links or commas between subject and
verb make it start the clause anew: "Le gouvernement il a …", "Trump ils ne sont …".

Fix safety: review. Speech sets a subject before its clause in the same way.

Not caught: a pronoun behind a comma, which can be right; a subject with a relative clause between; English noun
phrases, since a contact clause may follow ("the house he bought").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.finding import Finding, Severity, replace
from qa.grammar import PLURAL, bits, named, specific
from qa.language import Language
from qa.lexicon import Analysis
from qa.memory import Memo
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Ask, column, listed, set_in
from qa.rules._context import share
from qa.rules._phrase import SPACES, follows, mark_before
from qa.rules._subject import name_subject, noun_subject
from qa.text import Block, Span

_NEAR, _FAR = 4, 12  # words of a phrase, of a clause
_NOISE = 0.05  # of a word's uses
_FINITE = 0.3  # the share of a form's uses that must be as a finite verb
_FAR = 14  # words between the beginning of a sentence and the pronoun that repeats its subject
_MARKS = frozenset('.,;:!?()[]«»“”"—–…')
_ENDS = frozenset(".!?:")
_CLAUSE = ("SCONJ", "PRON")  # what opens a clause with a subject of its own


class Facts(NamedTuple):
    """The pronouns of a language with their cells, and what may follow them."""

    pronouns: dict[str, int]
    particles: frozenset[str]
    expletive: frozenset[str]
    impersonal: frozenset[str]
    adverbial: frozenset[str]
    nouns: bool  # whether a noun phrase before the pronoun proves it redundant
    questions: frozenset[str]  # determiners of a phrase that is asked for, and stands in front
    blockers: frozenset[str]  # words of a clause that may end in a plural noun before its subject

    @classmethod
    def of(cls, language: Language) -> Facts:
        """Read redundant-pronoun.toml."""
        data = language.facts("redundant-pronoun")
        return cls(
            pronouns={form: named(cell) for form, cell in data["pronouns"].items()},
            particles=frozenset(data.get("particles", ())),
            expletive=frozenset(data.get("expletive", ())),
            impersonal=frozenset(data.get("impersonal", ())),
            adverbial=frozenset(data.get("adverbial", ())),
            nouns=bool(data.get("nouns", True)),
            questions=frozenset(data.get("questions", ())),
            blockers=frozenset(data.get("blockers", ())),
        )


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Subject, pronoun, finite verb, with nothing between."""
    facts, nouns = page.language.derive(Facts.of), page.language.derive(grammar)
    if nouns is None:
        return
    for index in block.where(facts.pronouns):
        if not index or index + 1 == len(block.forms) or not _verb_behind(block.forms, index, facts, page.language):
            continue
        if block.gaps[index] not in SPACES or block.gaps[index + 1] != " ":
            continue
        subject = _subject(block, index, facts, nouns) or _plural(block, index, facts, nouns)
        if subject:
            words, word = block.words, block.words[index]
            yield Finding(
                RULE.id,
                Span(words[index - 1].start, word.end),
                f"“{word.text}” repeats the subject “{subject}”.",
                (replace(Span(words[index - 1].end, word.end), "", f"leave out “{word.text}”"),),
                0.85,
            )


def _gate(page: Page) -> frozenset[int]:
    """Blocks with such a pronoun before such a verb."""
    places = set_in(column(page, _pronoun))
    facts = page.language.derive(Facts.of)
    return page.numbers(at for at in places if _verb_behind(page.forms, at, facts, page.language))


def _pronoun(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is a pronoun that the rule knows."""
    return listed(dict.fromkeys(own.derive(Facts.of).pronouns, 1))


def _subject(block: Block, index: int, facts: Facts, nouns: Grammar) -> str:
    name = name_subject(block, index, nouns)
    if name:
        return "" if name[-1].text.lower() in facts.adverbial else " ".join(word.text for word in name)
    found = noun_subject(block, index, nouns) if facts.nouns else None
    if found is None:
        return _far_subject(block, index, facts, nouns) if facts.nouns else ""
    noun, mask = found
    if any(form.lower() in facts.questions for form in block.forms[max(0, index - _NEAR) : index]):
        return ""
    return "" if noun.lower() in facts.adverbial or not mask & facts.pronouns[block.words[index].text] else noun


def _far_subject(block: Block, index: int, facts: Facts, nouns: Grammar) -> str:
    """The plural noun that opens the sentence of a plural pronoun, with no verb between the two; "" otherwise.

    Adjectives, participles and whole prepositional phrases may lie between them: "les soldats du sud ils partent".
    """
    words, text, mask = block.words, block.prose, facts.pronouns[block.words[index].text]
    if mask & ~PLURAL:
        return ""
    first = index
    while first and index - first < _FAR and not _MARKS & set(text[words[first - 1].end : words[first].start]):
        first -= 1
    if first and mark_before(text, words[first].start) not in _ENDS:
        return ""
    known, before = nouns.words, block.forms[first:index]
    if any(share(known, form, *_CLAUSE) >= _FINITE or _is_finite(known.analyses(form)) for form in before):
        return ""
    if any(reading.form == "pp" for reading in known.analyses(before[-1])):
        return ""  # "les lampes éteintes ils dorment"
    for form in before:
        if share(known, form, "NOUN") >= _FINITE:
            cells = nouns.role(form).noun
            return form if form.lower() not in facts.adverbial and cells & mask and not cells & ~PLURAL else ""
        if len(form) > 1 and share(known, form, "ADP", "CCONJ", "PROPN") >= _FINITE:
            return ""  # (a single letter is an article of another language as soon as a name)
    return ""


def _is_finite(readings: Sequence[Analysis]) -> bool:
    return sum(reading.share for reading in readings if reading.form == "fin") >= _FINITE


def _plural(block: Block, index: int, facts: Facts, nouns: Grammar) -> str:
    """The plural noun or adjective before a plural pronoun, in a clause with nothing in it that could be in front."""
    words, text = block.words, block.prose
    word, cells = words[index - 1], facts.pronouns[block.forms[index]]
    role = nouns.role(word.text)
    if (
        not facts.blockers
        or cells & ~PLURAL
        or not word.text.islower()
        or max(role.verb_share, role.other_share) > _NOISE
    ):
        return ""
    if not role.nominal & cells or role.nominal & ~PLURAL or word.text in facts.adverbial:
        return ""
    if role.noun_share + role.adjective_share < 1 - _NOISE or text[word.start - 1 : word.start] == "-":
        return ""
    for at in range(index - 1, max(-1, index - 1 - _FAR), -1):
        if block.forms[at].lower() in facts.blockers:
            return ""
        if at and not follows(text, words[at - 1].end, words[at]):
            return word.text
    return word.text if index <= _FAR else ""


def _verb_behind(forms: Sequence[str], index: int, facts: Facts, own: Language) -> bool:
    """Whether a finite verb follows that can have the pronoun as its subject and need not be impersonal."""
    at = index + 1
    while at < len(forms) and forms[at] in facts.particles:
        at += 1
    if at >= len(forms):
        return False
    if forms[index] in facts.expletive and any(form in facts.impersonal for form in forms[index + 1 : at + 1]):
        return False
    return own.derive(_fitting)[f"{forms[index]} {forms[at]}"]


def _fitting(own: Language) -> Memo[bool]:
    """Pronoun and verb → whether the one can be the subject of the other."""
    pronouns, nouns = own.derive(Facts.of).pronouns, own.derive(grammar)

    def fit(pair: str) -> bool:
        pronoun, verb = pair.split(" ")
        readings = specific(nouns.words.analyses(verb)) if nouns is not None else ()
        finite = (r for r in readings if r.form == "fin" and r.person in ("3", ""))
        return sum(r.share for r in finite if bits("", r.number) & pronouns[pronoun]) >= _FINITE

    return Memo(fit, 50_000)


RULE = Rule(
    id="redundant-pronoun",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="redundant-word",
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    its="addition",
    facts="redundant-pronoun",
    native=True,
    examples=(
        Bad("Le ⟦gouvernement il⟧ a promis une réponse.", fixed="Le gouvernement a promis une réponse.", lang="fr"),
        Bad("Les élèves des cours du ⟦soir ils⟧ partent.", fixed="Les élèves des cours du soir partent.", lang="fr"),
        Bad("Les ⟦soldats ils⟧ ne sont pas partis.", fixed="Les soldats ne sont pas partis.", lang="fr"),
        Bad(
            "On voit des soldats russes et ⟦ukrainiens ils⟧ arrivent.",
            fixed="On voit des soldats russes et ukrainiens arrivent.",
            lang="fr",
        ),
        Bad("Il ⟦governo esso⟧ ha deciso ieri.", fixed="Il governo ha deciso ieri.", lang="it"),
        Bad("El ⟦gobierno él⟧ ha decidido ayer.", fixed="El gobierno ha decidido ayer.", lang="es"),
        Bad("O ⟦governo ele⟧ decidiu ontem.", fixed="O governo decidiu ontem.", lang="pt"),
        Bad("Die ⟦Regierung sie⟧ hat gestern entschieden.", fixed="Die Regierung hat gestern entschieden.", lang="de"),
        Bad("De ⟦regering zij⟧ heeft gisteren besloten.", fixed="De regering heeft gisteren besloten.", lang="nl"),
        Bad("⟦London it⟧ was empty on that day.", fixed="London was empty on that day.", lang="en"),
        Good("Le lendemain il est parti, et ce matin il pleut.", why="circumstances of time", lang="fr"),
        Good("Les lampes éteintes ils dormaient. Les soirs de fête ils dansent.", why="circumstances", lang="fr"),
        Good("Moi je sais où le maire il y a dix ans habitait.", why="a stressed pronoun, an expletive", lang="fr"),
        Good("Il libro che egli ha scritto. La sera egli legge.", why="relative clause; time", lang="it"),
        Good("El día que él llegó. La noche ella duerme.", why="relative clause; time", lang="es"),
        Good("O dia em que ele chegou. Esta noite ela dorme.", why="relative clause; time", lang="pt"),
        Good("Das Buch, das er las, war gut, wenn der Lehrer sie lobt.", why="subordinate clauses", lang="de"),
        Good("Het boek dat hij las was goed, toen de man zij aan zij stond.", why="subordinate clauses", lang="nl"),
        Good("The house he bought is old. Monday it rained.", why="a contact clause; time", lang="en"),
    ),
)
