"""Two words stand together without the space that belongs between them.

Names keep their own article when they are put into a sentence that already has one ("leL'Ukraine", "derDie
Regierung", "laThe community"); a piece of the old word stays ("le cLe conflit"); and where two nodes were translated
apart, the space between them is lost: at a link, bold text or code, at a quotation mark, behind a full stop.

Evidence is a capital, a mark or an inline boundary inside what is no word, with words on both sides of it.  Names
with a capital inside, program code, addresses and units have that too: names the page uses again are left alone, and
so are pieces that begin identifiers.

Fix safety: review. Which of two articles is right is decided by the counts of clean text.

Not caught: a name glued to a name; two words in lower case of which none is a small one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Finding, Severity
from qa.language import Language
from qa.lexicon import lexicon
from qa.ngrams import ngrams
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._columns import Ask, column, set_in
from qa.rules._context import LOWER, UPPER, word_after, word_before, words_of
from qa.rules._fused import COMMON, FREQUENT, RULE_ID, Scene, apart, facts
from qa.rules._glue import glued_elements
from qa.rules._inner import inner_capital
from qa.rules._suspects import CASES, bounded, either, marked
from qa.text import Block

_INNER = re.compile(rf"[{UPPER}](?<=[{LOWER}].)")
# A full stop, a comma or a closing bracket between letters; a quotation mark between letters.
_MARK = re.compile(rf"[.!?,;)](?=[^\W\d_])(?<=[{LOWER})»”\"].)")
_QUOTE = re.compile(r"[\"“”«»](?=[^\W\d_])(?<=[^\W\d_].)")
# Any of the three in one byte for each character.
_marked = marked(
    [
        re.compile(
            rb"[%(capital)b.!?,;)\"\xab\xbb](?:(?<=[%(small)b][%(capital)b])|(?=[%(letter)b])"
            rb"(?:(?<=[%(small)b)\xbb\"][.!?,;)])|(?<=[%(letter)b][\"\xab\xbb])))" % CASES
        )
    ],
    of_latin=True,
)
_TOKEN = 80  # how far a word with its marks is read
_QUOTED = 2000  # how far a quotation is read


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Words that were joined at a capital, at a mark, at an inline boundary, or at a small word."""
    prose, words = block.prose, words_of(page.language)
    if words is None:
        return
    scene = Scene(prose, page, page.language.derive(facts), words)
    found: list[Finding | None] = []
    found += [inner_capital(scene, m.start()) for m in _INNER.finditer(prose) if m.start() not in block.cuts]
    found += [
        _lost_behind_mark(scene, m.start(), block.cuts) for m in _MARK.finditer(prose) if m.end() not in block.cuts
    ]
    found += _lost_at_quotes(scene, block.cuts)
    found += _at_small_words(scene)
    if block.boundaries:
        found += glued_elements(scene, block)
    yield from filter(None, found)


def _unknown(page: Page) -> frozenset[int]:
    """The number of every block with a word that begins or ends like a small one, and that nobody knows."""
    return page.numbers(set_in(column(page, _strange)))


def _strange(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is such a word."""
    known, words = own.derive(facts), lexicon(own.code)
    heads, tails = known.heads, known.tails
    return lambda forms: bytes(
        [(form.startswith(heads) or form.endswith(tails)) and form not in words for form in forms]
    )


def _at_small_words(scene: Scene) -> Iterator[Finding | None]:
    prose = scene.prose
    for match in scene.facts.first.finditer(prose):
        yield _small_word(scene, match.start() + 1, match.end(1))
    for match in scene.facts.last.finditer(prose):
        word = word_before(prose, match.start())
        tail = next(tail for tail in scene.facts.tails if word.endswith(tail))
        yield _small_word(scene, match.start() - len(word), match.start() - len(tail))


def _lost_behind_mark(scene: Scene, at: int, cuts: frozenset[int]) -> Finding | None:
    """ "the end.The next", "(so to say)the"."""
    prose, words = scene.prose, scene.words
    mark, left, right = prose[at], word_before(prose, at), word_after(prose, at + 1)
    start, end = at - len(left), at + 1 + len(right)
    if right not in words or words.frequency(right) < COMMON or scene.is_code(start, end):
        return None
    if prose.find("://", max(0, at - _TOKEN), at) >= 0:
        return None
    if mark == ")":
        opened = prose.rfind("(", max(0, at - _TOKEN), at)
        remark = opened > 0 and prose[opened - 1].isspace() and " " in prose[opened:at]
        return apart(start, at + 1, end, 0.75) if remark and len(right) > 1 else None
    if left and (len(left) < 2 or left not in words):
        return None
    if left and mark not in "!?" and not left.islower() and (scene.names_code(left) or mark in ",;"):
        return None
    if mark in ",;":
        # A list without spaces is data.
        listed = {prose[start - 1 : start], prose[end : end + 1]} & {",", ";"} or {start, end} <= cuts
        plain = right.islower() and min(len(left), len(right)) > 2 and words.frequency(left) >= COMMON
        return apart(start, at + 1, end, 0.75) if plain and not listed else None
    if not right[0].isupper() or not (right[1:].islower() or len(right) == 1):
        return None
    if right.lower() in scene.facts.closed:
        return apart(start, at + 1, end, 0.92)
    # Names of files, types and domains have a full stop inside.
    named = mark == "." and (len(left) < 3 or scene.names_code(right.lower()) or not left.islower())
    return None if named else apart(start, at + 1, end, 0.75)


def _lost_at_quotes(scene: Scene, cuts: frozenset[int]) -> Iterator[Finding]:
    """ "the post\"It is": whether the mark opens or closes is read off those before it."""
    prose, words = scene.prose, scene.words
    straight, last = 0, 0  # straight marks before `last`
    for match in _QUOTE.finditer(prose):
        at, mark = match.start(), match.group()
        straight, last = straight + prose.count('"', last, at), at
        left, right = word_before(prose, at), word_after(prose, at + 1)
        start, end = at - len(left), at + 1 + len(right)
        if len(left) < 2 or left not in words or right not in words or cuts & {at, at + 1} or scene.is_code(start, end):
            continue
        opens = straight % 2 == 0 if mark == '"' else mark in "“«"
        if mark != '"' or not opens or prose.find('"', at + 1, at + _QUOTED) >= 0:
            yield apart(start, at if opens else at + 1, end, 0.85)


def _small_word(scene: Scene, start: int, at: int) -> Finding | None:
    """ "andbusinesses": nobody knows the whole, everybody both parts, and they often stand side by side."""
    words, left, right = scene.words, scene.prose[start:at], word_after(scene.prose, at)
    whole, end = left + right, at + len(right)
    if whole in words or min(words.frequency(left), words.frequency(right)) < COMMON or words.elsewhere(whole):
        return None
    often = left in scene.facts.closed and words.frequency(right) > FREQUENT
    if scene.is_code(start, end) or not (often or ngrams(scene.page.language.code).count(left, right) > 1):
        return None
    return None if scene.used_again(whole) else apart(start, at, end, 0.85)


RULE = Rule(
    id=RULE_ID,
    find=find,
    gate=either(_marked, _unknown, bounded),
    doc=__doc__,
    category="fused-words",
    severity=Severity.MAJOR,
    mqm="fluency/typography/whitespace",
    its="whitespace",
    facts="fused-words",
    examples=(
        Bad(
            "En échange, ⟦leL'⟧Ukraine recevra des armes.", fixed="En échange, l'Ukraine recevra des armes.", lang="fr"
        ),
        Bad("Alors, ⟦le cLe⟧ conflit continue.", fixed="Alors, le conflit continue.", lang="fr"),
        Bad("Aujourd'hui ⟦laThe⟧ communauté vote.", fixed="Aujourd'hui la communauté vote.", lang="fr"),
        Bad(
            'Selon le ⟦journal"Il⟧ n\'y a rien", dit-il.', fixed='Selon le journal "Il n\'y a rien", dit-il.', lang="fr"
        ),
        Bad("C'est la ⟦fin.La⟧ suite arrive.", fixed="C'est la fin. La suite arrive.", lang="fr"),
        Bad(
            "Il est basé ⟦sur⟧[**Rats**](x.md) et plus.",
            fixed="Il est basé sur [**Rats**](x.md) et plus.",
            lang="fr",
            syntax="markdown",
        ),
        Bad("Lisez `conf`⟦et⟧ attendez.", fixed="Lisez `conf` et attendez.", lang="fr", syntax="markdown"),
        Bad("Ha detto che ⟦iI⟧ punti sono chiusi.", fixed="Ha detto che i punti sono chiusi.", lang="it"),
        Bad("El partido y ⟦elEl⟧ gobierno callan.", fixed="El partido y el gobierno callan.", lang="es"),
        Bad("Los <b>productos</b>⟦que⟧ entran.", fixed="Los <b>productos</b> que entran.", lang="es", syntax="html"),
        Bad("Gestern hat ⟦derDie⟧ Regierung getagt.", fixed="Gestern hat die Regierung getagt.", lang="de"),
        Bad("Die Arbeit ⟦vomNational⟧ Trust zählt.", fixed="Die Arbeit vom National Trust zählt.", lang="de"),
        Bad("No ano passado, ⟦aDie⟧ marinha zarpou.", fixed="No ano passado, a marinha zarpou.", lang="pt"),
        Bad("Volgens ⟦deDer⟧ directeur klopt dat.", fixed="Volgens de directeur klopt dat.", lang="nl"),
        Bad("They met farmers ⟦andworkers⟧.", fixed="They met farmers and workers.", lang="en"),
        Bad("You do not ⟦wantTo⟧ use it.", fixed="You do not want to use it.", lang="en"),
        Good("Call setUp and then appendTo with it.", why="names in program code", lang="en"),
        Good("Il vit YouTube, McDonald's, l'iPhone, O'Neill, LaTeX et 5 kWh.", why="names and units", lang="fr"),
        Good(
            "**L**'eau, le **s**ervice, un `nœud`s.", why="a letter of a word; an ending", lang="fr", syntax="markdown"
        ),
        Good("Vedi D'Alema, InDesign e www.Repubblica.it.", why="names, an address", lang="it"),
        Good("Usa miVariable, System.Data o a.B.", why="program code", lang="es"),
        Good(
            "LeserInnen der GmbH, die **Daten**bank und kWh.",
            why="both sexes; half of a compound",
            lang="de",
            syntax="markdown",
        ),
        Good(
            'Voir la fin<a href="#n"><sup>[1]</sup></a> et la page<a href="#m">[2]</a>.',
            why="notes",
            lang="fr",
            syntax="html",
        ),
        Good(
            '<ul><li><a href="b"><strong>Suivant</strong>Chapitre 3. Les outils</a></li></ul>',
            why="the label of a link that a page sets apart",
            lang="fr",
            syntax="html",
        ),
        Good(
            '<p>Partager sur <a href="f">Facebook</a><a href="t">Twitter</a></p>',
            why="buttons",
            lang="fr",
            syntax="html",
        ),
        Good(
            "Dan wordt <em>pariteits</em>informatie berekend.",
            why="half of a compound",
            lang="nl",
            syntax="html",
        ),
        Good("Os PCs, a eBay e o GitHub.", why="plural of initials, names", lang="pt"),
        Good("De iPad, het `bestand`je en MacGyver.", why="names; a diminutive", lang="nl", syntax="markdown"),
        Good(
            "Use isEmpty, toString() or thread.Start; un**believ**able.",
            why="code; part of a word",
            lang="en",
            syntax="markdown",
        ),
        Good("A fix to **build,test** is in.", why="a list in an element of its own", lang="en", syntax="markdown"),
    ),
)
