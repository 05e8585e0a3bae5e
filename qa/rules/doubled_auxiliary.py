"""Two finite auxiliaries stand one behind the other.

A translator that meets a verb split over two text nodes writes an auxiliary for each: "ont a frappé", "had has hurt",
"si è ha concluso".

Fix safety: review. The one is dropped without which the sentence reads better.

Not caught: a full verb beside an auxiliary; auxiliaries behind a relative clause, where they can meet by right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Edit, Finding, Fix, Severity
from qa.grammar import mask_of, specific
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Ask, Pairs, column, listed
from qa.rules._judge import advantage
from qa.rules._phrase import follows, mark_before
from qa.rules._subject import noun_subject
from qa.text import Block, Span

_STOPS = frozenset(".!?;:…—–")
_PARTICIPLE = 0.3  # the share of a form's uses that must be as a participle
_NEAR = 3  # words between a subordinator and an auxiliary that its clause may end in
_NOUN = 0.9  # … as a noun
_BETTER = 1.0  # nats that the sentence must gain
_AGREES = 4.0  # … and what it is worth that the auxiliary agrees with the noun before it


class Facts(NamedTuple):
    """Finite auxiliaries; words that are none but are taken for one behind them; pairs that are right; adverbs that
    may stand before the participle; and the words behind which a clause may end in an auxiliary."""

    auxiliaries: frozenset[str]
    intruders: frozenset[str]
    right: frozenset[tuple[str, ...]]
    adverbs: frozenset[str]
    subordinators: frozenset[str]
    relatives: frozenset[str]  # … behind a comma
    pronouns: frozenset[str]  # relative subjects: right behind a noun and one of them no clause ends in an auxiliary

    @classmethod
    def of(cls, language: Language) -> Facts:
        """Read doubled-auxiliary.toml."""
        data = language.facts("doubled-auxiliary")
        names = ("auxiliaries", "intruders", "adverbs", "subordinators", "relatives", "pronouns")
        auxiliaries, intruders, *others = (frozenset(data.get(name, ())) for name in names)
        right = frozenset(tuple(pair.split()) for pair in data.get("right", ()))
        return cls(auxiliaries, auxiliaries | intruders, right, *others)


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Pairs of auxiliaries before a participle, in a main clause."""
    facts = page.language.derive(Facts.of)
    forms = block.forms
    for index in block.where(facts.intruders):
        if not index or forms[index - 1] not in facts.auxiliaries:
            continue
        nouns = page.language.derive(grammar)
        if nouns is not None and _doubled(block, index, facts, nouns):
            yield from _finding(block, index, nouns)


def _gate(page: Page) -> frozenset[int]:
    return page.numbers(_TWO.places(column(page, _part)))


def _part(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is one of the auxiliaries (1), and of those that may intrude behind one (2)."""
    facts = own.derive(Facts.of)
    forms = {*facts.auxiliaries, *facts.intruders}
    return listed({form: (form in facts.auxiliaries) + 2 * (form in facts.intruders) for form in forms})


_TWO = Pairs(lambda one, other: bool(one & 1 and other & 2), 3)


def _doubled(block: Block, index: int, facts: Facts, nouns: Grammar) -> bool:
    first, second = block.words[index - 1], block.words[index]
    if first.text == second.text or (first.text, second.text) in facts.right:
        return False
    if not follows(block.prose, first.end, second) or not _participle_follows(block, index, facts, nouns):
        return False
    for at in range(index - 2, max(-1, index - 2 - _NEAR), -1):
        if _STOPS & set(block.prose[block.words[at].end : block.words[at + 1].start]):
            return True
        word = block.words[at]
        if at == index - 2 and at and word.text in facts.pronouns:
            return nouns.role(block.forms[at - 1]).noun_share >= _NOUN
        if word.text.lower() in facts.subordinators:
            return False
        if word.text in facts.relatives and mark_before(block.prose, word.start) == ",":
            return False
    return index > 1


def _participle_follows(block: Block, index: int, facts: Facts, nouns: Grammar) -> bool:
    for at in range(index + 1, len(block.words)):
        word = block.words[at]
        if not follows(block.prose, block.words[at - 1].end, word):
            return False
        if sum(r.share for r in specific(nouns.words.analyses(word.text)) if r.form == "pp") >= _PARTICIPLE:
            return True
        if word.text not in facts.adverbs:
            return False
    return False


def _finding(block: Block, index: int, nouns: Grammar) -> Iterator[Finding]:
    first, second = block.words[index - 1], block.words[index]
    edits = (Edit(Span(first.start, second.start), ""), Edit(Span(first.end, second.end), ""))
    kept = {edits[0]: second.text, edits[1]: first.text}
    gains = {edit: advantage(nouns.counts, block.prose, (edit,)) for edit in edits}
    if max(gains.values()) < _BETTER:
        return
    number = _number_before(block, index - 1, nouns)
    ranked = sorted(edits, key=lambda edit: -gains[edit] - _AGREES * bool(number & _number(kept[edit], nouns)))
    yield Finding(
        RULE.id,
        Span(first.start, second.end),
        f"“{first.text}” and “{second.text}”: one auxiliary is enough.",
        tuple(Fix(f"keep “{kept[edit]}”", (edit,)) for edit in ranked),
        0.9,
    )


def _number(form: str, nouns: Grammar) -> int:
    """The numbers of a finite form, as cells."""
    return mask_of(r for r in nouns.words.analyses(form) if r.form in ("fin", "") and r.number)


def _number_before(block: Block, index: int, nouns: Grammar) -> int:
    """The cells of the subject before the word `index`, as far as its last words tell; 0: they don't."""
    found = noun_subject(block, index, nouns)
    if found:
        return found[1]
    role = nouns.role(block.words[index - 1].text)
    return role.noun if role.noun_share >= _NOUN else 0


RULE = Rule(
    id="doubled-auxiliary",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="redundant-word",
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    its="addition",
    facts="doubled-auxiliary",
    native=True,
    examples=(
        Bad("Les soldats ⟦ont a⟧ frappé la ville.", fixed="Les soldats ont frappé la ville.", lang="fr"),
        Bad("La riunione si ⟦è ha⟧ conclusa ieri.", fixed="La riunione si è conclusa ieri.", lang="it"),
        Bad("El gobierno ⟦ha es⟧ tomado medidas.", fixed="El gobierno ha tomado medidas.", lang="es"),
        Bad("A cidade ⟦foi tem⟧ destruída pelo fogo.", fixed="A cidade foi destruída pelo fogo.", lang="pt"),
        Bad("Die Stadt ⟦wurde sind⟧ zerstört.", fixed="Die Stadt wurde zerstört.", lang="de"),
        Bad("De stad ⟦werd heeft⟧ verwoest door brand.", fixed="De stad werd verwoest door brand.", lang="nl"),
        Bad("The storm ⟦has are⟧ destroyed the town.", fixed="The storm has destroyed the town.", lang="en"),
        Bad("The house that ⟦is has⟧ burnt down was old.", fixed="The house that is burnt down was old.", lang="en"),
        Bad("If the file ⟦is are⟧ changed, we read it.", fixed="If the file is changed, we read it.", lang="en"),
        Bad("Il film ⟦avevano è⟧ stato girato qui.", fixed="Il film è stato girato qui.", lang="it"),
        Good("What he has is known, and where she is is not.", why="clauses that end in a verb", lang="en"),
        Good("Ce qu'il est a changé, et ce qu'ils ont est perdu.", why="the end of a clause", lang="fr"),
        Good("Quel che è ha avuto inizio ieri.", why="the end of a clause", lang="it"),
        Good("Lo que es ha cambiado, y lo que ha sido es pasado.", why="the end of a clause", lang="es"),
        Good("O que foi tem sido esquecido.", why="the end of a clause", lang="pt"),
        Good("Was war ist vergessen, und was wird hat niemand gesehen.", why="the end of a clause", lang="de"),
        Good("Wat er is heeft niemand gezien.", why="the end of a clause", lang="nl"),
        Good("What it was has been lost. He has had enough.", why="the end of a clause; perfect", lang="en"),
    ),
)
