"""A punctuation mark stands where two pieces of text were joined badly.

Pieces that were translated apart bring their own marks and spaces: "par ,l'attaque", "Consortium , de", "(sic)).",
"word,. Next", and a full stop that cuts a name off its apposition ("said the spokesman. John Smith, referring to …").

Each language says which marks take no space before them (`boundary-punctuation.toml`): French sets ; : ! ? apart.

Fix safety: safe where only space changes; review otherwise.

A space before a mark right behind a link or bold text tells nothing about machine translation (people's markup has it
as often): such findings stay below the usual confidence, and show only beside certain marks of machine translation.

Not caught: a mark inside the wrong quotation mark; missing commas.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qa.finding import Finding, Safety, Severity, replace
from qa.language import Language
from qa.lexicon import Lexicon
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._context import LOWER, UPPER, word_after, word_before, words_of
from qa.rules._suspects import CASES, marked
from qa.text import Block, Span

# Beside an inline boundary a space before a mark is no sign of machine translation.
_AT_CUT, _GLUED, _APART = 0.45, 0.95, {",": 0.85, ".": 0.8}
_LOOSE = 0.45  # a space before ; : ! ? is as often a writer's habit
_HABIT = 3  # a page that does it oftener, with more than a quarter of its marks, does it everywhere
_FAR = 240  # how far a sentence or a bracket is read

_DOUBLES = ("..", ",,", ",.", ", .", ". ,", ";;")
_DOUBLED = re.compile(r"(?<=[^\W\d_)»”\"'’])(?:\.\.|,,|, ?\.|\. ,|;;)(?=\s|$)")
_CLOSED = re.compile(r"(?<![:;=\-\s)])\)\)(?=[.,;:]?(?:\s|$))")
_LABEL = re.compile(r"(?:^|[\s(])\w{1,3}\)")
_SPACED_BRACKET = re.compile(r"\( (?=\w)|(?<=[^\W\d_]) \)")
# A full stop before two capitalised words and a comma.
_NAME = re.compile(rf"\. (?=[{UPPER}][{LOWER}]+ [{UPPER}][{LOWER}{UPPER}'’-]+,)")
_STOPS = re.compile(r"[.!?…«»“”„\"]")
_WORD = re.compile(r"[^\W\d_]+")


class _Marks(NamedTuple):
    """What a language says: the marks that take no space before them, and the verbs that name a speaker.

    `gate` gives the blocks of a page that have some of what is looked for.
    """

    spaced: re.Pattern[str]
    speech: frozenset[str]
    gate: Callable[[Page], frozenset[int]]


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Marks with a space on the wrong side, marks that collide, brackets that close twice, sentences cut at a name."""
    prose = block.prose
    yield from _spaces(block, page)
    if any(double in prose for double in _DOUBLES):
        for match in _DOUBLED.finditer(prose):
            yield from _doubled(prose, match, page)
    if "))" in prose:
        yield from _closed_twice(prose)
    if "( " in prose or " )" in prose:
        yield from _brackets(prose, block.cuts)
    yield from _names(prose, page)


def _spaces(block: Block, page: Page) -> Iterator[Finding]:
    prose = block.prose
    for match in page.language.derive(_marks).spaced.finditer(prose):
        space, mark, behind = match.start(), prose[match.start() + 1], prose[match.start() + 2 : match.start() + 3]
        before = prose[space - 1 : space]
        if not (before.isalnum() or before in ")]»”\"'’%"):
            continue
        glued = mark == "," and behind.isalpha()
        if _is_shown(block, space + 1):
            continue
        if (not glued and mark in page.derive(_habits)) or not (
            glued or not behind or behind.isspace() or (mark in "?!" and behind in "»”\"'’")
        ):
            continue
        start = space - len(word_before(prose, space))
        end = space + 2 + len(word_after(prose, space + 2)) if glued else space + 2
        confidence = _GLUED if glued else _APART.get(mark, _LOOSE)
        if space in block.cuts or space + 1 in block.cuts:
            confidence = _AT_CUT
        new = mark + " " if glued else mark
        message = f"No space stands before “{mark}”" + (", but one behind it." if glued else ".")
        yield _finding(Span(start, end), Span(space, space + 2), new, message, confidence, Safety.SAFE)


def _is_shown(block: Block, mark: int) -> bool:
    """Whether an image stands before the mark, or the mark is spoken of: it fills an element of its own."""
    if not block.cuts & {mark - 1, mark}:
        return False
    here = [boundary for boundary in block.boundaries if mark - 1 <= boundary.position <= mark + 1]
    if any(boundary.element == "img" for boundary in here):
        return True
    opened = {boundary.element for boundary in here if boundary.opens and boundary.position == mark}
    return any(not each.opens and each.position == mark + 1 and each.element in opened for each in here)


def _habits(page: Page) -> frozenset[str]:
    """The marks that the page sets apart as a rule: all, where it was cut into tokens."""
    text = " \n".join(block.text for block in page.blocks) + " "
    counts = {mark: [text.count(form) for form in (f" {mark} ", mark)] for mark in ",.;:!?"}
    spaced, marks = (sum(count[i] for count in counts.values()) for i in (0, 1))
    if spaced > _HABIT and 4 * spaced > marks:
        return frozenset(counts)
    return frozenset(mark for mark, (apart, total) in counts.items() if apart > 2 and 2 * apart > total)


def _doubled(prose: str, match: re.Match[str], page: Page) -> Iterator[Finding]:
    mark = match.group()
    if mark == ".." and (len(word_before(prose, match.start())) < 4 or page.derive(_trails_off)):
        return  # the stop of an abbreviation; a careless ellipsis
    kept = "." if mark in (",.", ", .", "..") else "," if "," in mark else ";"
    start = match.start() - len(word_before(prose, match.start()))
    span = Span(match.start(), match.end())
    yield _finding(Span(start, match.end()), span, kept, f"Two marks collide: “{mark}”.", 0.8)


def _trails_off(page: Page) -> bool:
    """Whether the page writes two stops for an ellipsis."""
    return sum(block.text.count("..") for block in page.blocks) > 2


def _closed_twice(prose: str) -> Iterator[Finding]:
    if prose.count(")") != prose.count("(") + 1 or _LABEL.search(prose):
        return
    matches = list(_CLOSED.finditer(prose))
    if len(matches) == 1:
        at = matches[0].start()
        start = at - len(word_before(prose, at))
        yield _finding(Span(start, at + 2), Span(at + 1, at + 2), "", "A bracket closes that was never opened.", 0.85)


def _brackets(prose: str, cuts: frozenset[int]) -> Iterator[Finding]:
    """A space inside one of two brackets; inside both it is a habit."""
    for match in _SPACED_BRACKET.finditer(prose):
        opens = match.group() == "( "
        at = match.start()
        other = prose.find(")", at, at + _FAR) if opens else prose.rfind("(", max(0, at - _FAR), at)
        if other < 0 or cuts & {at, at + 1, at + 2} or prose[other + (-1 if opens else 1)].isspace():
            continue
        word = word_after(prose, match.end()) if opens else word_before(prose, at)
        span = Span(at, match.end() + len(word)) if opens else Span(at - len(word), match.end())
        space = Span(at + 1, at + 2) if opens else Span(at, at + 1)
        yield _finding(span, space, "", "No space stands inside a bracket.", 0.7, Safety.SAFE)


def _names(prose: str, page: Page) -> Iterator[Finding]:
    """A sentence that ends with its speaker's role, and a name without a verb of its own behind the full stop."""
    words = words_of(page.language)
    if words is None:
        return
    for match in _NAME.finditer(prose):
        stop = match.start()
        before = [m for m in _STOPS.finditer(prose, max(0, stop - _FAR), stop)]
        clause = prose[before[-1].end() if before else max(0, stop - _FAR) : stop]
        if not _names_a_role(clause, page.language.derive(_marks).speech):
            continue
        name_end = prose.index(",", stop)
        behind = _STOPS.search(prose, name_end, name_end + _FAR)
        rest = prose[name_end : behind.start() if behind else name_end + _FAR]
        if _has_finite_verb(rest, words):
            continue
        start = stop - len(word_before(prose, stop))
        span = Span(start, stop + 2 + len(word_after(prose, stop + 2)))
        yield _finding(span, Span(stop, stop + 1), ",", "A full stop cuts a name off from the words it explains.", 0.8)


def _names_a_role(clause: str, speech: frozenset[str]) -> bool:
    """Whether the clause is "… said the spokesman of …": a verb of speech, and only common words behind it."""
    found = [m for m in _WORD.finditer(clause) if m.group() in speech]
    role = _WORD.findall(clause, found[-1].end()) if found else []
    return len(role) > 1 and role[0].islower() and role[-1].islower()


def _has_finite_verb(text: str, words: Lexicon) -> bool:
    return any(
        (reading.form == "fin" and reading.share > 0.5) or (reading.pos == "AUX" and reading.share > 0.5)
        for word in _WORD.findall(text)
        for reading in words.analyses(word)
    )


def _finding(
    span: Span, changed: Span, new: str, message: str, confidence: float, safety: Safety = Safety.REVIEW
) -> Finding:
    title = f"write “{new.strip()}”" if new.strip() and safety is Safety.REVIEW else "close up"
    return Finding(RULE.id, span, message, (replace(changed, new, title, safety),), confidence)


def _marks(language: Language) -> _Marks:
    facts = language.facts("boundary-punctuation")
    unspaced = re.escape(facts["unspaced"])
    return _Marks(re.compile(f" [{unspaced}]"), frozenset(facts["speech"]), marked(_looks(unspaced), of_latin=True))


def _gate(page: Page) -> frozenset[int]:
    return page.language.derive(_marks).gate(page)


def _looks(unspaced: str) -> Iterator[str | re.Pattern[bytes]]:
    """What the defects look like in one byte for each character."""
    yield "( "
    yield re.compile(rb"[,.;:!?)](?<=[ .,;)].)(?:(?<= [.,%b])|(?<=[.,][.,])|(?<=;;)|(?<=[ )]\)))" % unspaced.encode())
    yield re.compile(rb"\. [%(capital)b][%(small)b]+ [%(capital)b][%(small)b%(capital)b'-]+," % CASES)


RULE = Rule(
    id="boundary-punctuation",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="punctuation",
    severity=Severity.MINOR,
    mqm="fluency/typography/punctuation",
    its="typographical",
    facts="boundary-punctuation",
    examples=(
        Bad(
            "Selon les sources citées ⟦par ,l⟧'attaque est imminente.",
            fixed="Selon les sources citées par, l'attaque est imminente.",
            lang="fr",
        ),
        Bad(
            "« C'est faux », a dit le porte-parole du ministère ⟦français. Jean⟧ Dupont, à propos de l'article.",
            fixed="« C'est faux », a dit le porte-parole du ministère français, Jean Dupont, à propos de l'article.",
            lang="fr",
        ),
        Bad("Le scuole del ⟦comune ,⟧ e non solo.", fixed="Le scuole del comune, e non solo.", lang="it"),
        Bad("El nuevo presidente (⟦electo))⟧ llegó.", fixed="El nuevo presidente (electo) llegó.", lang="es"),
        Bad("Wir sahen die ⟦Häuser ,viele⟧ waren leer.", fixed="Wir sahen die Häuser, viele waren leer.", lang="de"),
        Bad("O preço ⟦subiu,.⟧ Ninguém sabe por quê.", fixed="O preço subiu. Ninguém sabe por quê.", lang="pt"),
        Bad("Het ⟦consortium ,⟧ dat alles leidt, zwijgt.", fixed="Het consortium, dat alles leidt, zwijgt.", lang="nl"),
        Bad("They left ⟦( early⟧) and slept.", fixed="They left (early) and slept.", lang="en"),
        Good("Que veut-il ; qui est-il ? Tout va bien !", why="marks that French sets apart", lang="fr"),
        Good("Arrivò... e poi (forse) :) partì.", why="an ellipsis and a face", lang="it"),
        Good("Opciones: a) leer, b) escribir (o no)).", why="labels have brackets of their own", lang="es"),
        Good("Die Datei .gitignore und .5 Punkte.", why="stops that begin a name and a number", lang="de"),
        Good("Disse o ministro da Saúde. João Silva, médico, discorda dele.", why="a sentence of its own", lang="pt"),
        Good("Zoals bv. J. de Vries, hoogleraar, schreef.", why="an abbreviation", lang="nl"),
        Good("Appuyez sur <kbd>.</kbd> ou sur <b><i>,</i></b> pour finir.", why="keys", lang="fr", syntax="html"),
        Good('Pulse el icono <span><img src="a.png"></span>, y espere.', why="an image", lang="es", syntax="html"),
        Good(
            '"No," said the spokesman for the union. Ann Lee, a nurse, disagrees.',
            why="a sentence of its own",
            lang="en",
        ),
    ),
)
