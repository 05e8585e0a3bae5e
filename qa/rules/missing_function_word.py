"""The function word between a word and its infinitive is missing.

Where source and target tie an infinitive to its word differently, the little word gets lost: "l'intention rencontrer",
"able understand".  Which words ask for which function word is learnt from the corpora
(`python -m models.frames.function_words`): nearly every infinitive behind such a word has it.

Fix safety: review. The infinitive can belong to a verb further off.

Not caught: other words lost; infinitives that may be nouns; languages whose infinitive stands at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from qa.finding import Finding, Severity, replace
from qa.grammar import specific
from qa.language import Language
from qa.memory import Memo
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Ask, column, each, set_in
from qa.rules._judge import advantage
from qa.rules._phrase import SPACES
from qa.text import Block, Span

_SOME = 0.3  # the share of a word's use
_NEAR = 5  # words before the frame in which a verb may take the infinitive


class Facts(NamedTuple):
    """What is known of infinitives and the function words before them.

    `frames`: word → its function word; `elided`: their elided forms; `infinitive`: how much of a form's use must be as
    one.  Bare ones follow: verbs that begin like `perception`, with a noun between; those like `modals`, with an
    adverbial between; `asking` words with their noun; nouns behind the `dative`.  `predicate`: forms of "to be", where
    an infinitive is the subject of what is said with it.
    """

    frames: dict[str, str]
    elided: dict[str, str]
    infinitive: float
    perception: tuple[str, ...]
    modals: tuple[str, ...]
    asking: frozenset[str]
    dative: frozenset[str]
    predicate: frozenset[str]

    @classmethod
    def of(cls, language: Language) -> Facts:
        """Read missing-function-word.toml and frames.tsv."""
        data = language.facts("missing-function-word")
        path = language.folder / "frames.tsv"
        rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        frames = dict(row.split("\t")[:2] for row in rows)
        return cls(
            frames,
            dict(data["elided"]),
            data["infinitive"],
            tuple(data["perception"]),
            tuple(data.get("modals", ())),
            *(frozenset(data.get(key, ())) for key in ("asking", "dative", "predicate")),
        )


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Words that ask for a function word, right before an infinitive."""
    facts = page.language.derive(Facts.of)
    forms, last = block.forms, len(block.forms) - 1
    first = facts.frames.get(forms[0].lower()) if forms and forms[0] not in facts.frames else None
    infinitive = page.language.derive(_infinitives)
    for index in chain((0,) if first else (), block.where(facts.frames)):
        if index == last or not infinitive[forms[index + 1]] or block.gaps[index + 1] not in SPACES:
            continue
        function = first if first and not index else facts.frames[forms[index]]
        nouns = page.language.derive(grammar)
        if nouns is not None and _bare(block, index, facts, nouns):
            yield from _finding(block, index, function, facts, nouns)


def _gate(page: Page) -> frozenset[int]:
    """Blocks with such a word before an infinitive."""
    infinitive, forms = page.language.derive(_infinitives), page.forms
    places = set_in(column(page, _frame)[:-1])
    return page.numbers(at for at in places if infinitive[forms[at + 1]])


def _frame(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is such a word, perhaps with a capital."""
    frames = own.derive(Facts.of).frames
    return each(lambda form: form in frames or form.lower() in frames)


def _infinitives(own: Language) -> Memo[bool]:
    """Written form → whether it is used as an infinitive often enough."""
    facts, nouns = own.derive(Facts.of), own.derive(grammar)

    def infinitive(form: str) -> bool:
        if nouns is None or not form.islower():
            return False
        return sum(r.share for r in specific(nouns.words.analyses(form)) if r.form == "inf") >= facts.infinitive

    return Memo(infinitive)


def _bare(block: Block, index: int, facts: Facts, nouns: Grammar) -> bool:
    """Whether no verb before the frame can have taken the infinitive behind it, and the two are no usual pair."""
    word, verb = block.forms[index], block.forms[index + 1]
    before = [form.lower() for form in block.forms[max(0, index - _NEAR) : index]]
    if any(form.startswith(facts.perception) or form in facts.predicate for form in before):
        return False
    return not _adverbial(word, before, facts, nouns) and not nouns.counts.count(word, verb)


def _adverbial(word: str, before: list[str], facts: Facts, nouns: Grammar) -> bool:
    """Whether the word only stands between the infinitive and what it belongs to."""
    last = before[-1] if before else ""
    if last in facts.asking or last in facts.dative:
        return True  # "in which order to go", "allows the owner go"
    if last in nouns.links and any(form.startswith(facts.modals) for form in before):
        return True  # "can without risk remove"
    if last in nouns.spelled and nouns.role(word).noun_share < _SOME:
        return True  # "a failing drive"
    adverb = any(reading.pos == "ADV" and reading.share > _SOME for reading in nouns.words.analyses(word))
    return adverb and (last in nouns.links or last in nouns.coordinators)  # "without first asking"


def _finding(block: Block, index: int, function: str, facts: Facts, nouns: Grammar) -> Iterator[Finding]:
    word, verb = block.words[index], block.words[index + 1]
    if function in facts.elided and _elides(function, verb.text, nouns):
        function = facts.elided[function]
    text = function if function.endswith("'") else function + " "
    if "’" in block.prose:
        text = text.replace("'", "’")
    fix = replace(Span(verb.start, verb.start), text, f"put “{function}” in")
    if advantage(nouns.counts, block.prose, fix.edits) >= 0:
        message = f"“{function}” is missing between “{word.text}” and “{verb.text}”."
        yield Finding(RULE.id, Span(word.start, verb.end), message, (fix,), 0.85)


def _elides(function: str, verb: str, nouns: Grammar) -> bool:
    """Whether the function word is shortened before the verb; one that only gains a letter, before the same one."""
    if len(function) == 1:
        return verb.startswith(function)
    return nouns.words.onset(verb) in ("vowel", "mute-h")


RULE = Rule(
    id="missing-function-word",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="missing-word",
    severity=Severity.MAJOR,
    mqm="accuracy/omission",
    its="omission",
    facts="missing-function-word",
    native=True,
    examples=(
        Bad("Il a l'⟦intention rencontrer⟧ le maire.", fixed="Il a l'intention de rencontrer le maire.", lang="fr"),
        Bad("Il a l'⟦intention acheter⟧ un livre.", fixed="Il a l'intention d'acheter un livre.", lang="fr"),
        Bad("Ho ⟦bisogno capire⟧ il problema.", fixed="Ho bisogno di capire il problema.", lang="it"),
        Bad("El gobierno ⟦comenzó trabajar⟧ ayer.", fixed="El gobierno comenzó a trabajar ayer.", lang="es"),
        Bad("We ⟦want understand⟧ the problem.", fixed="We want to understand the problem.", lang="en"),
        Good("Nous laissons les enfants en train jouer.", why="a verb of perception before", lang="fr"),
        Good("Il peut voir la mer et faire du bruit.", why="verbs with a bare infinitive", lang="fr"),
        Good("Può vedere il mare e fare rumore.", why="verbs with a bare infinitive", lang="it"),
        Good("Puede ver el mar y hacer ruido.", why="verbs with a bare infinitive", lang="es"),
        Good("Pode ver o mar e fazer ruído.", why="verbs with a bare infinitive", lang="pt"),
        Good("È una buona idea leggere prima il manuale.", why="the infinitive is the subject", lang="it"),
        Good("El permiso permite al dueño leer el archivo y después crear otro.", why="a dative; an adverb", lang="es"),
        Good("On peut sans risque supprimer le fichier.", why="an adverbial", lang="fr"),
        Good("Elle indique dans quel ordre évaluer les règles.", why="a question", lang="fr"),
        Good("Replace a failing drive by a forced change.", why="adjectives", lang="en"),
        Good("We help them understand it, and want nothing.", why="verbs with a bare infinitive", lang="en"),
    ),
)
