"""A word has the capital, or lacks it, that the place in the sentence asks for.

Pieces that were translated as sentences of their own bring a capital into the middle of a sentence: behind a bracket,
a link, code or bold text ("(perhaps) The first"), or where a clause was put in ("which However, the").  And a sentence
that the source ended otherwise goes on in lower case behind a full stop ("the article. although he").

Behind a mark of its own any common word with a capital is a slip; elsewhere only words that link the parts of a
sentence are, since titles and names begin with all others.  Each language names them (`boundary-case.toml`).

Fix safety: review. A capital may belong to a title.

Not caught: German "Sie" for "sie" (`pivot-pronoun`); capitals on nouns; blocks that begin in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Finding, Fix, Severity, replace
from qa.language import PIVOT, Language
from qa.lexicon import Lexicon
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._context import (
    LOWER,
    UPPER,
    element_start,
    nouns_have_capitals,
    share,
    token_before,
    word_after,
    word_before,
    words_of,
)
from qa.rules._suspects import bounded, in_plain, joined, marked, plain, to_plain
from qa.text import MASK, Block, Span, words_in

# A capital behind a small letter, a comma or a closing bracket, before a small letter or a comma.
_CAPITAL = re.compile(rf"([{UPPER}](?<=[{LOWER},)] .)[{LOWER}]*+)(?=,| [{LOWER}])")
# The hyphen behind a letter that opens a compound with a noun.
_LETTER = re.compile(rf"-(?=[{UPPER}][{LOWER}])(?<=[{LOWER}]-)(?<![^\W_].-)")
_SMALL = re.compile(rf"\. (?=[{LOWER}])(?<=[{LOWER}]{{2}}\. )")
_LETTERS = re.compile(rf"(?<![\w'’.])[{UPPER}](?![\w'’.])")
_NUMERAL = re.compile(r"[ivxlcdm]+\Z")
_BRACKET = re.compile(r"\(([^()]{1,80})\)\Z")
_STOPS = ".!?…:;"
_NEAR = 80  # how far back letters that name things are looked for
_FAR = 160  # how far back a sentence is read
_COMMON = 5.0  # occurrences per million words of a word that everybody knows
_RARE = 20  # a noun that is so much rarer than the same word in lower case is none
_NO_NOUN = 0.8  # of the uses of a word that no letter names
_NAME = 0.15  # a word that has a capital oftener than this may be a name
_SMALLEST = 3  # letters of a word that a title may write small
_WHOLE = 4  # letters of a word that is hardly an abbreviation
_USUAL = 20.0  # occurrences per million words of a word that is no identifier
_CLOSED = ("ADP", "ADV", "AUX", "CCONJ", "DET", "PRON", "SCONJ")
_OPEN = ("VERB", "NOUN", "ADJ")


class _Facts(NamedTuple):
    capitals: frozenset[str]
    plain: frozenset[bytes]
    links: frozenset[str]
    heads: frozenset[str]
    abbreviations: frozenset[str]
    nominal: frozenset[str]
    letters: frozenset[str]
    lettered: frozenset[str]
    capital_nouns: bool


def find(block: Block, page: Page) -> Iterator[Finding]:
    """False capitals behind marks and inside sentences; sentences that begin small."""
    prose, facts, words = block.prose, page.language.derive(_facts), words_of(page.language)
    if words is None:
        return
    ends = frozenset(boundary.position for boundary in block.boundaries if not boundary.opens)
    for end in sorted(ends):
        start = end + (prose[end : end + 1] == " ")
        word = word_after(prose, start)
        if word and word[0].isupper() and word[1:].islower() and _continues(prose, end, block):
            confidence = _behind_element(word, prose, start, facts, words)
            if confidence:
                yield _capital(start, word, confidence)
    for match in _CAPITAL.finditer(prose) if not facts.capitals.isdisjoint(_CAPITAL.findall(prose)) else ():
        word, start = match[1], match.start(1)
        if word in facts.capitals and not block.cuts & {start, start - 1}:
            confidence = _in_sentence(word, prose, start, facts, words)
            if confidence:
                yield _capital(start, word, confidence)
    if facts.letters and "-" in prose:
        for match in _LETTER.finditer(prose):
            at = match.start() - 1
            if prose[at] in facts.letters and at not in block.cuts:
                yield _of_compound(at, prose)
    for match in _SMALL.finditer(prose):
        yield from _lower(match.start(), prose, page, facts, words)


_inside = marked([in_plain(_LETTER), in_plain(_SMALL)], of_latin=True)
_capitals = in_plain(_CAPITAL)


def _gate(page: Page) -> frozenset[int]:
    """Blocks with an inline boundary, and with what may be a false capital or a small letter behind a full stop."""
    facts, text = page.language.derive(_facts), page.derive(plain)
    found = page.derive(joined).numbers(m.start() for m in _capitals.finditer(text) if m[1] in facts.plain)
    return found | page.derive(bounded) | page.derive(_inside)


def _continues(prose: str, end: int, block: Block) -> bool:
    """Whether the inline element that ends at `end` stands in the middle of a sentence: small words precede it."""
    start = element_start(block, end)
    inner = prose[start:end]
    if inner[-1:] in _STOPS or inner.isupper() or not (MASK in inner or any(map(str.isalpha, inner))):
        return False  # a sentence of its own, a label ("TIP The …"), the mark of a note
    before = prose[max(0, start - _FAR) : start].rstrip(" («“\"'")
    return bool(before) and before[-1].islower() and len(word_before(before, len(before))) > 1


def _behind_element(word: str, prose: str, start: int, facts: _Facts, words: Lexicon) -> float:
    low = word.lower()
    behind = prose[start + len(word) : start + len(word) + 2]
    if len(word) < 2 or not (behind[:1] == "," or (behind[:1] == " " and behind[1:].islower())):
        return 0.0
    if low in facts.links or low in facts.heads:
        return 0.9
    known = low in words and words.frequency(low) >= _COMMON and words.capitalised_share(low) < _NAME
    return 0.75 if known and share(words, word, "NOUN", "PROPN") < 0.3 else 0.0


def _in_sentence(word: str, prose: str, start: int, facts: _Facts, words: Lexicon) -> float:
    before = token_before(prose, start)
    if len(word) == 1 and not _joined(prose, start, before, facts, words):
        return 0.0
    if before == ")":
        return 0.85 if _remark(prose, start) else 0.0
    if word.lower() not in facts.links or before.lower() in facts.nominal or not _running(prose, start, facts):
        return 0.0
    low = word.lower()
    noun = share(words, word, "NOUN", "PROPN") > 0.3 and words.frequency(word) * _RARE > words.frequency(low)
    if noun or words.capitalised_share(low) > _NAME:
        return 0.0
    if before == ",":
        return 0.7 if prose[start - 3].isalpha() else 0.0
    return 0.8


def _joined(prose: str, start: int, before: str, facts: _Facts, words: Lexicon) -> bool:
    """Whether a single letter joins words: it names nothing, as in "vitamina E" or "la variable Y depende"."""
    if _LETTERS.search(prose, max(0, start - _NEAR), start - 1):
        return False  # "the X and Y axes"
    if share(words, before, "VERB", "ADJ", "ADV") >= _NO_NOUN or before == ")":
        return True
    if before in facts.lettered or not before.islower() or before not in words:
        return False
    behind = word_after(prose, start + 2)
    readings = words.analyses(behind)
    verb = any(r.pos in ("VERB", "AUX") and r.form == "fin" and r.share > 0.3 for r in readings)
    if not readings:
        return prose[start + 2 + len(behind) : start + 3 + len(behind)] in ("'", "’")
    return not verb or words.number(before) == "pl"


def _remark(prose: str, start: int) -> bool:
    """Whether the bracket that ends before `start` holds a remark in mid-sentence."""
    at = start - 1
    found = _BRACKET.search(prose, max(0, at - 90), at)
    if not found or not found[1][0].islower() or found[1].rstrip()[-1] in _STOPS:
        return False
    return prose[: found.start()].rstrip()[-1:].islower()


def _running(prose: str, start: int, facts: _Facts) -> bool:
    """Whether what precedes is running text and no title ("First Steps and Where …"): small words are among the three
    before, not only one that titles write small.
    """
    pieces = [piece for piece in prose[max(0, start - 60) : start].split(" ") if piece][-3:]
    if not facts.capital_nouns and pieces and pieces[-1][0].isupper():
        return len(pieces) == 1 and pieces[0].lower() in facts.links
    small = [piece for piece in pieces if piece[0].islower()]
    return (facts.capital_nouns and bool(small)) or len(small) > 1 or any(len(piece) > _SMALLEST for piece in small)


def _capital(start: int, word: str, confidence: float) -> Finding:
    small = word[0].lower() + word[1:]
    span = Span(start, start + len(word))
    fix = replace(Span(start, start + 1), word[0].lower(), f"write “{small}”")
    return Finding(RULE.id, span, f"“{word}” has a capital in the middle of a sentence.", (fix,), confidence)


def _of_compound(start: int, prose: str) -> Finding:
    end = start + 2 + len(word_after(prose, start + 2))
    capital = prose[start].upper()
    fix = replace(Span(start, start + 1), capital, f"write “{capital}-”")
    return Finding(RULE.id, Span(start, end), f"“{prose[start:end]}” is a noun and takes a capital.", (fix,), 0.85)


def _lower(stop: int, prose: str, page: Page, facts: _Facts, words: Lexicon) -> Iterator[Finding]:
    before, word = word_before(prose, stop), word_after(prose, stop + 2)
    if len(before) < (5 if before[:1].isupper() else 3) or before not in words:
        return
    if before.lower() in facts.abbreviations or _NUMERAL.match(before):
        return
    if prose[stop + 2 + len(word) : stop + 3 + len(word)] not in (" ", ",") or word.lower() != word:
        return
    if prose[stop - len(before) - 1 : stop - len(before)] not in (" ", "'", "’", "") or page.derive(_begins_small):
        return
    if word in facts.links:
        confidence = 0.85
    elif (word in facts.heads and len(word) > 1) or (len(before) >= _WHOLE and _usual(word, words)):
        confidence = 0.75
    else:
        return
    span = Span(stop - len(before), stop + 2 + len(word))
    joined = replace(Span(stop, stop + 1), ",", "join the sentences")
    capital = replace(Span(stop + 2, stop + 3), word[0].upper(), f"write “{word.capitalize()}”")
    joins = share(words, word, "SCONJ", "CCONJ", "ADP") > 0.35 or _fragment(prose, stop, word, words)
    fixes: tuple[Fix, ...] = (joined, capital) if joins else (capital, joined)
    yield Finding(RULE.id, span, "A sentence begins with a small letter.", fixes, confidence)


def _usual(word: str, words: Lexicon) -> bool:
    """Whether a sentence can begin with the word, which everybody knows and which is no English identifier."""
    rate = words.frequency(word)
    if len(word) < 2 or rate < _USUAL or words.capitalised_share(word) > _NAME:
        return False
    kinds = _CLOSED if words.language == PIVOT else _CLOSED + _OPEN
    return words.elsewhere(word).get(PIVOT, 0.0) < rate and share(words, word, *kinds) > _NO_NOUN


def _fragment(prose: str, stop: int, word: str, words: Lexicon) -> bool:
    """Whether one of the two sentences has no verb of its own, so that they were one."""
    if sum(r.share for r in words.analyses(word) if r.pos == "VERB" and r.form in ("ger", "pp")) > 0.5:
        return True
    before = words_in(re.split(r"[.!?…:;] ", prose[max(0, stop - _FAR) : stop])[-1])
    first = before[0].lower() if before else ""
    subordinate = share(words, first, "SCONJ") > 0.5
    return subordinate or not any(
        sum(r.share for r in words.analyses(each) if r.pos in ("VERB", "AUX") and r.form in ("fin", "")) > 0.5
        for each in before
    )


_SENTENCE = re.compile(rf"[{LOWER}]\. (?=([{UPPER}])|[{LOWER}])")


def _begins_small(page: Page) -> bool:
    """Whether the page as a whole does without capitals."""
    found = [bool(match[1]) for block in page.blocks for match in _SENTENCE.finditer(block.prose)]
    small = len(found) - sum(found)
    return small > 3 and 2 * small > len(found)


def _facts(language: Language) -> _Facts:
    facts = language.facts("boundary-case")
    links, heads, abbreviations, nominal = (
        frozenset(facts[key]) for key in ("links", "heads", "abbreviations", "nominal")
    )
    capitals = frozenset(word[0].upper() + word[1:] for word in links | heads if len(word) > 1 or word in links)
    letters, lettered = frozenset(facts.get("letters", ())), frozenset(facts.get("lettered", ()))
    plain = frozenset(map(to_plain, capitals))
    return _Facts(
        capitals, plain, links, heads, abbreviations, nominal, letters, lettered, nouns_have_capitals(language)
    )


RULE = Rule(
    id="boundary-case",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="case",
    severity=Severity.MINOR,
    mqm="fluency/spelling/capitalization",
    its="misspelling",
    facts="boundary-case",
    native=True,
    examples=(
        Bad(
            "Ils arrivent (peut-être) ⟦Les⟧ premiers jours.",
            fixed="Ils arrivent (peut-être) les premiers jours.",
            lang="fr",
        ),
        Bad(
            "La réunion qui ⟦Cependant⟧, n'a rien donné.", fixed="La réunion qui cependant, n'a rien donné.", lang="fr"
        ),
        Bad(
            "Ouvrez le `fichier` ⟦Et⟧ lisez-le.", fixed="Ouvrez le `fichier` et lisez-le.", lang="fr", syntax="markdown"
        ),
        Bad(
            "Apri il [file](x) ⟦Della⟧ cartella.",
            fixed="Apri il [file](x) della cartella.",
            lang="it",
            syntax="markdown",
        ),
        Bad("Dijo que sí ⟦Pero⟧ no vino.", fixed="Dijo que sí pero no vino.", lang="es"),
        Bad("O texto estava ⟦pronto. embora⟧ curto.", fixed="O texto estava pronto, embora curto.", lang="pt"),
        Bad("Er kam nach Hause ⟦Und⟧ schlief.", fixed="Er kam nach Hause und schlief.", lang="de"),
        Bad("Die ⟦e-Zigarette⟧ ist verboten.", fixed="Die E-Zigarette ist verboten.", lang="de"),
        Bad("Serve per comprare ⟦E⟧ vendere.", fixed="Serve per comprare e vendere.", lang="it"),
        Bad("Aggiunge colori ⟦E⟧ forme alla pagina.", fixed="Aggiunge colori e forme alla pagina.", lang="it"),
        Bad(
            "Per impostazione ⟦predefinita. vengono⟧ mostrati tutti.",
            fixed="Per impostazione predefinita, vengono mostrati tutti.",
            lang="it",
        ),
        Bad(
            "El archivo está ⟦vacío. consulte⟧ la ayuda.", fixed="El archivo está vacío. Consulte la ayuda.", lang="es"
        ),
        Bad("Het bedrijf ⟦Dat⟧ groeit, zoekt mensen.", fixed="Het bedrijf dat groeit, zoekt mensen.", lang="nl"),
        Bad(
            "He read the ⟦article. although⟧ he was tired.",
            fixed="He read the article, although he was tired.",
            lang="en",
        ),
        Good("Il a lu Les misérables, L'art d'aimer et La peste.", why="titles", lang="fr"),
        Good(
            "**Note** Le fichier `a` est lu. Voir p. ex. la suite.",
            why="a label; an abbreviation",
            lang="fr",
            syntax="markdown",
        ),
        Good("La vitamina E fa bene a La Spezia, ecc. e poi basta.", why="a letter, a place", lang="it"),
        Good("La variable Y depende de la otra. offset es un número.", why="letters and identifiers", lang="es"),
        Good("Vive en Los Ángeles (EE. UU.) desde la Era de acuario.", why="names", lang="es"),
        Good("Disse: «Mas não», e saiu da av. do porto.", why="a quotation; an abbreviation", lang="pt"),
        Good("Das Für und Wider, das Können, bzw. die Waren auf der x-Achse.", why="nouns; a symbol", lang="de"),
        Good("Hij woont in Den Haag, d.w.z. aan zee, o.a. met De Vries.", why="names; abbreviations", lang="nl"),
        Good(
            "Voir <a href='#x'><em>DÉCOUVERTE</em> Les paquets utiles</a> et la page<a href='#n'>[15]</a> Les autres.",
            why="a label in capitals; a note",
            lang="fr",
            syntax="html",
        ),
        Good("La sombra se mueve X píxeles a la derecha, e Y píxeles abajo.", why="letters that name", lang="es"),
        Good("See First Steps and Where to Go From Here.", why="a title", lang="en"),
        Good("She met The Who, saw it on eBay, etc. and left.", why="a name; an abbreviation", lang="en"),
    ),
)
