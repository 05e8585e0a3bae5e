"""A word has come apart: the join between two of its pieces was lost.

A translator writes words in pieces and joins them afterwards.  Where the join gets lost, compounds fall apart
("Inhalts Bereich"), prefixes stand alone ("her starten"), and so do names ("Java Script") and hyphens
("Browser -Erweiterung").

Fix safety: review. Two words beside each other can be meant.

Not caught: pieces that are both common words and rarely written together; a join that changes an ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from qa.finding import Finding, Severity, replace
from qa.grammar import Determiner, bits
from qa.page import Page
from qa.products import products
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import grammar
from qa.rules._context import begins_sentence, word_after, word_before
from qa.rules._joins import COMMON, PREFIX, SEPARABLE, UNKNOWN, WORD, Joining, joining
from qa.text import Block, Span, Word

_HYPHEN = re.compile(r"(?<=[^\W\d_]) ([-‑])(?=[^\W\d_])")
_SINGULAR = bits("m", "sg") | bits("n", "sg")
_TIED = frozenset("-‑'’_/.@+&")  # what ties a piece to something else


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Pairs of words, and of a word and a hyphen, that are one word."""
    facts = page.language.derive(joining)
    if facts is None:
        return
    words, text, forms, names = block.words, block.prose, block.forms, products()
    done = 0
    for index, pair in enumerate(pairwise(map(facts.kinds.__getitem__, forms)), 1):
        if index <= done or (pair not in facts.likely and forms[index - 1] not in names):
            continue
        first, second = words[index - 1], words[index]
        if second.start - first.end != 1 or text[first.end] != " ":
            continue
        finding = _product(block, index - 1) if first.text in names else None
        if finding is None and pair in facts.likely:
            finding = _pair(block, index - 1, page, facts)
        if finding is not None:
            yield finding
            done = index
            while done < len(words) and words[done].start < finding.span.end:
                done += 1
    if " -" in text or " ‑" in text:
        yield from _hyphens(block, facts)


def _product(block: Block, index: int) -> Finding | None:
    first, second = block.words[index], block.words[index + 1]
    for product in products()[first.text]:
        exact = (first.text, second.text) == (product.first, product.second)
        if second.text.lower() != product.second.lower() or _bound(block, first, second):
            continue
        if product.ordinary and (not exact or index == 0):
            continue
        return _finding(first, second, product.name, 0.95)
    return None


def _bound(block: Block, first: Word, second: Word) -> bool:
    """Whether the pair is tied to something beside it."""
    text = block.prose
    before, after = text[first.start - 1 : first.start], text[second.end : second.end + 1]
    return (before in _TIED and bool(before)) or (after in _TIED - {"."} and bool(after)) or before.isdigit()


def _pair(block: Block, index: int, page: Page, facts: Joining) -> Finding | None:
    first, second = block.words[index], block.words[index + 1]
    kinds = facts.kinds[first.text], facts.kinds[second.text]
    joined = _joined(first, second, kinds, block, facts)
    if joined is None or _bound(block, first, second):
        return None
    if joined in facts.words or joined.lower() in facts.words:
        confidence = _of_known(block, first, second, joined, kinds, page, facts)
    else:
        confidence = _of_compound(block, index, kinds, page, facts) if facts.compounding else 0.0
    if not confidence:
        return None
    last = second
    for third in block.words[index + 2 : index + 4]:  # "Daten Bank Verbindung"
        if not _extends(block, last, third, joined, facts):
            break
        joined, last = joined + third.text.lower(), third
    return _finding(first, last, joined, confidence)


def _joined(first: Word, second: Word, kinds: tuple[int, int], block: Block, facts: Joining) -> str | None:
    """The two words as one, or None where their capitals speak against it."""
    small = second.text.lower()
    if not first.text[1:].islower() or small[1:] != second.text[1:]:
        return None
    if second.text[0].islower():
        free = first.text[0].islower() or UNKNOWN in kinds or begins_sentence(block.prose, first.start)
        return first.text + small if free else None
    return first.text + small if facts.capital and first.text[0].isupper() else None


def _of_known(
    block: Block, first: Word, second: Word, joined: str, kinds: tuple[int, int], page: Page, facts: Joining
) -> float:
    """How sure it is that the two words are the known word `joined`; 0.0: not enough."""
    if second.text[0].islower() and facts.capital and UNKNOWN not in kinds and PREFIX not in kinds:
        return 0.0  # "lang laufende": spelling leaves the choice
    least = _least(second, kinds, facts) + _STRANDED * (kinds[0] == SEPARABLE and _stranded(block, first, facts))
    gain = facts.gain(block.prose, first, second, joined)
    if least - _ON_PAGE <= gain < least + 4 and joined in page.vocabulary:
        gain += _ON_PAGE
    if gain < least or facts.foreign(first.text, second.text):
        return 0.0
    return 0.95 if gain >= least + 4 else 0.85


def _stranded(block: Block, first: Word, facts: Joining) -> bool:
    """Whether a preposition may have lost its object to the front ("daar hebben we een besluit over genomen")."""
    before = block.prose[max(0, first.start - _FAR) : first.start].lower()
    return any(word in facts.stranding for word in before.split())


def _least(second: Word, kinds: tuple[int, int], facts: Joining) -> float:
    """How much likelier (in nats) a known word must read than its halves.

    Fitted on held-out clean text and on words cut there: see docs/rules.md.
    """
    if UNKNOWN in kinds:
        return 7.0 if COMMON in kinds or (not facts.compounding and facts.closed(second.text)) else 4.0
    if PREFIX in kinds:
        return 1.0
    if SEPARABLE in kinds:
        return 3.5 if any(r.form == "pp" for r in facts.words.analyses(second.text)) else 5.5
    return 8.0 if facts.verb(second.text) else 5.0


def _of_compound(block: Block, index: int, kinds: tuple[int, int], page: Page, facts: Joining) -> float:
    """How sure it is that two words are a compound that no list knows; 0.0: not enough.

    The first must open compounds and the second close them, and something must speak against the first as a word of
    its own: it is none, it is a genitive without a genitive before it, or the determiner before it fits the second
    word only.
    """
    first, second = block.words[index], block.words[index + 1]
    stem = first.text.removesuffix(facts.genitive) if facts.genitive else first.text
    linked = kinds[0] == UNKNOWN and stem != first.text and stem.endswith(facts.linked)
    usual = facts.part(first.text).opens >= _OFTEN and facts.part(second.text).closes >= _OFTEN
    nouns = page.language.derive(grammar)
    if nouns is None or not (linked or usual) or nouns.role(second.text).noun_share < 0.7:
        return 0.0
    if facts.counts.count(first.text, second.text):
        return 0.0
    if kinds[0] == UNKNOWN:
        return 0.9 if not linked or nouns.role(stem).noun_share >= 0.7 else 0.0
    before = nouns.determiners.get(block.words[index - 1].text.lower()) if index else None
    if before is None or block.prose[block.words[index - 1].end : first.start] != " ":
        return 0.0
    if stem != first.text and nouns.role(stem).noun and not _genitive(before):
        return 0.9
    one, other = (nouns.cells_of(word.text, nouns.role(word.text).noun) for word in (first, second))
    return 0.8 if one and not before.widest & one and before.widest & other and not before.pronoun else 0.0


def _genitive(determiner: Determiner) -> bool:
    return any(place.case == "gen" and place.mask & _SINGULAR for _, place in determiner.places)


def _extends(block: Block, last: Word, third: Word, joined: str, facts: Joining) -> bool:
    """Whether the next word belongs to the joined word, too."""
    if block.prose[last.end : third.start] != " " or _bound(block, last, third):
        return False
    if facts.capital != third.text[0].isupper() or facts.kinds[third.text] != WORD or not facts.compounding:
        return False
    if joined + third.text.lower() in facts.words:
        return True
    return facts.part(last.text).opens >= _OFTEN and facts.part(third.text).closes >= _OFTEN


def _finding(first: Word, last: Word, joined: str, confidence: float) -> Finding:
    span = Span(first.start, last.end)
    return Finding(
        RULE.id, span, f"“{joined}” has come apart.", (replace(span, joined, f"write “{joined}”"),), confidence
    )


def _hyphens(block: Block, facts: Joining) -> Iterator[Finding]:
    text = block.prose
    for match in _HYPHEN.finditer(text):
        before, after = word_before(text, match.start()), word_after(text, match.end())
        if not before or not after or text[match.end() + len(after) : match.end() + len(after) + 1] in ("-", "."):
            continue
        if before.lower() in facts.suspended:
            continue
        readings = facts.words.analyses(before)
        clitic = after in facts.clitics and any(r.pos in ("VERB", "AUX") for r in readings)
        nouns = facts.compounding and _noun(before, facts) and _noun(after, facts)
        if not (clitic or nouns or facts.counts.count(f"{before}-{after}")):
            continue
        span = Span(match.start() - len(before), match.end() + len(after))
        joined = before + match.group(1) + after
        edit = replace(Span(match.start(), match.start() + 1), "", "remove the space before the hyphen")
        yield Finding(RULE.id, span, f"“{joined}” has come apart.", (edit,), 0.9)


def _noun(form: str, facts: Joining) -> bool:
    known = sum(r.share for r in facts.words.analyses(form) if r.pos in ("NOUN", "PROPN")) >= 0.5
    return known and form[0].isupper() if facts.capital else known


_STRANDED, _FAR = 6.0, 120  # … a preposition whose object stands before it, within so many characters
_ON_PAGE = 3.0  # what it is worth that the joined word stands elsewhere on the page
_OFTEN = 3  # compounds that make a word a usual part of them

RULE = Rule(
    id="split-word",
    find=find,
    doc=__doc__,
    category="split-word",
    severity=Severity.MAJOR,
    mqm="fluency/spelling",
    its="misspelling",
    facts="split-word",
    examples=(
        Bad("Öffnen Sie den ⟦Inhalts Bereich⟧ der Seite.", fixed="Öffnen Sie den Inhaltsbereich der Seite.", lang="de"),
        Bad("Die ⟦Sicherheits Einstellungen⟧ fehlen.", fixed="Die Sicherheitseinstellungen fehlen.", lang="de"),
        Bad("Die ⟦Browser -Erweiterung⟧ ist neu.", fixed="Die Browser-Erweiterung ist neu.", lang="de"),
        Bad("Geef uw ⟦gebruikers naam⟧ op.", fixed="Geef uw gebruikersnaam op.", lang="nl"),
        Bad("Je moet de computer ⟦her starten⟧.", fixed="Je moet de computer herstarten.", lang="nl"),
        Bad("Het script wordt elke dag ⟦uit gevoerd⟧.", fixed="Het script wordt elke dag uitgevoerd.", lang="nl"),
        Bad("⟦Trata -se⟧ de um caso raro.", fixed="Trata-se de um caso raro.", lang="pt"),
        Bad("Les ⟦paramè tres⟧ sont enregistrés.", fixed="Les paramètres sont enregistrés.", lang="fr"),
        Bad("Puedes ⟦combi nar⟧ los colores.", fixed="Puedes combinar los colores.", lang="es"),
        Bad("La pagina usa ⟦Java Script⟧.", fixed="La pagina usa JavaScript.", lang="it"),
        Bad("The code is on ⟦Git Hub⟧.", fixed="The code is on GitHub.", lang="en"),
        Good("Ende Mai trank Herr Müller zwei Liter Wasser in der Stadt Berlin.", why="measures, titles", lang="de"),
        Good("Die Vor- und Nachteile sowie -kosten der Ein- und Ausgabe.", why="suspended hyphens", lang="de"),
        Good("Er is een aantal mensen dat een kop koffie in de hand heeft.", why="measures", lang="nl"),
        Good("Dat is in staat om goed te werken.", why="phrases", lang="nl"),
        Good("Si non, il est bien tôt parti, par fois en fin de mois.", why="words that also stand apart", lang="fr"),
        Good("Si no puedes, dime por qué y con quién.", why="words that also stand apart", lang="es"),
        Good("Per ciò che vedo, in fatti, tutto va bene.", why="words that also stand apart", lang="it"),
        Good("Se não for assim, por que se trata disso?", why="words that also stand apart", lang="pt"),
        Good("I may be able to come any time; power users face book shops.", why="words that stand apart", lang="en"),
    ),
)
