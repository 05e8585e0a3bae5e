"""Characters were decoded with the wrong encoding, so that "é" shows as "Ã©".

The repair and its explanation come from `ftfy` (Robyn Speer, 2019), which undoes chains of wrong decodings where the
result is less strange than the text; a rough search decides which words are shown to it.  A replacement character (�)
stands for one that was lost: it comes back where the page or the lexicon has exactly one word that fits.

Fix safety: safe where ftfy explains the text; review for a lost character.

Not caught: a wrong decoding that leaves ordinary letters only, and one that lost the characters altogether ("?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Finding, Safety, Severity, replace
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._suspects import marked
from qa.text import Block, Span

LOST = "\ufffd"
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # the bytes 80..BF as Latin-1 and Windows-1252 show them
_STRANGE = re.compile(
    rf"[ÂÃÄÅÐÑ][{_CONTINUED} ]|â[{_CONTINUED}]{{2}}|ï»¿|[\u0080-\u009f]|√[©®†¢™´≥ßÉ]|‚Ä[ôúùìî¶]|├[®¬á┤╗ó]"
)
# The same in one byte for each character.
_CONTINUED_1 = b"\x80-\xbf?'\"\xd6\xf6\\-"
_marked = marked(
    [
        re.compile(rb"[\xc2-\xc5\xd0\xd1\xe2\x80-\x9f](?:[%b ]|(?<=[\x80-\x9f]))" % _CONTINUED_1),
        *("ï»¿", "√", "‚", "├", LOST),
    ]
)

_WORD = re.compile(rf"(?:[^\W\d_]|{LOST})+")
_LONGEST = 30  # letters of a word that is looked up
_LETTERS = "éèêëàâäáãåçñìîïíòôöóõùûüúœæßÉÈÀÇÑÖÄÜ'’"  # what a single lost byte most often was
_CLEAR = 20  # how many times more frequent the only likely word is than the next


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Runs of words that were decoded wrongly, and words that lost a character."""
    prose = block.prose
    for span in _runs(prose):
        repaired, explanation = _repair(prose[span.start : span.end])
        if repaired != prose[span.start : span.end] and not _cased_oddly(prose[span.start : span.end], repaired):
            fix = replace(span, repaired, f"write “{repaired.strip()}”", Safety.SAFE)
            yield Finding(RULE.id, span, f"This text was decoded wrongly: {explanation}.", (fix,), 0.97)
    if LOST in prose:
        for match in _WORD.finditer(prose):
            if LOST not in match.group() or (match.group() == LOST and "FFFD" in block.text):
                continue  # the character itself is the topic
            span = Span(*match.span())
            word = _restored(match.group(), page)
            fixes = (replace(span, word, f"write “{word}”"),) if word else ()
            yield Finding(RULE.id, span, "A character was lost here.", fixes, 0.95)


def _runs(prose: str) -> Iterator[Span]:
    """The words that look strange, neighbours together."""
    start = end = -1
    for match in _STRANGE.finditer(prose):
        if match.end() <= end:
            continue
        first, last = match.start(), match.end()
        while first and not _parts(prose, first - 1):
            first -= 1
        while last < len(prose) and not _parts(prose, last):
            last += 1
        if first > end + 1 and start >= 0:
            yield Span(start, end)
            start = -1
        start, end = (first if start < 0 else start), last
    if start >= 0:
        yield Span(start, end)


def _parts(prose: str, at: int) -> bool:
    """Whether a blank parts words here.  A no-break space may be the second half of a character."""
    return prose[at].isspace() and not (prose[at] == "\u00a0" and at > 0 and prose[at - 1] in "ÂÃÄÅÐÑ")


def _cased_oddly(text: str, repaired: str) -> bool:
    """Whether small letters come into capitals: "MAÇÃ»" is a word and a quotation mark, no "MAÇû"."""
    return text.isupper() and not repaired.isupper() and sum(map(str.isalpha, text)) > 2


def _repair(text: str) -> tuple[str, str]:
    """What ftfy makes of a text, and its steps in words."""
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    repaired, steps = ftfy.fix_and_explain(text, config)
    return repaired, ", ".join(f"{step.action} {step.parameter}" for step in steps or ())


def _restored(word: str, page: Page) -> str | None:
    """The one word that fits: of the page, or else of the lexicon.  Two bytes may have been lost for one letter."""
    holed = word if word.count(LOST) == 1 else re.sub(f"{LOST}+", LOST, word)
    if holed.count(LOST) != 1 or not 3 <= len(holed) <= _LONGEST:
        return None
    fitting = page.derive(_holed).get(holed, set())
    return next(iter(fitting)) if len(fitting) == 1 else None if fitting else _in_lexicon(holed, page)


def _holed(page: Page) -> dict[str, set[str]]:
    """The words of the page by what is left when a letter is lost."""
    found: dict[str, set[str]] = {}
    for word in page.vocabulary:
        if len(word) <= _LONGEST:
            for at in range(len(word)):
                found.setdefault(f"{word[:at]}{LOST}{word[at + 1 :]}", set()).add(word)
    return found


def _in_lexicon(word: str, page: Page) -> str | None:
    from qa.lexicon import lexicon

    known = lexicon(page.language.code)
    ranked = sorted(
        ((known.frequency(other.lower()), other) for other in (word.replace(LOST, letter) for letter in _LETTERS)),
        reverse=True,
    )
    (best, word), (second, _) = ranked[:2]
    return word if best > 0 and best >= _CLEAR * second else None


RULE = Rule(
    id="mojibake",
    find=find,
    gate=_marked,
    doc=__doc__,
    category="encoding",
    severity=Severity.MAJOR,
    mqm="design/character-encoding",
    its="characters",
    telltale=True,
    examples=(
        Bad("La tour ⟦mÃ©diÃ©vale⟧ est haute.", fixed="La tour médiévale est haute.", lang="fr"),
        Bad("La ⟦cittÃ\u00a0⟧ antica dorme.", fixed="La città antica dorme.", lang="it"),
        Bad("El ⟦niÃ±o⟧ duerme.", fixed="El niño duerme.", lang="es"),
        Bad("Das ist ⟦schÃ¶n⟧ hier.", fixed="Das ist schön hier.", lang="de"),
        Bad("A ⟦estaÃ§Ã£o⟧ fechou.", fixed="A estação fechou.", lang="pt"),
        Bad("Het kost 5 ⟦â‚¬⟧ meer.", fixed="Het kost 5 € meer.", lang="nl"),
        Bad("It ⟦doesnâ€™t⟧ matter.", fixed="It doesn’t matter.", lang="en"),
        Bad("Un ⟦caf\ufffd⟧ noir et un café long.", fixed="Un café noir et un café long.", lang="fr"),
        Good("L'ÂGE D'OR, le pâté « À LA CARTE » et l'âme.", why="circumflexes", lang="fr"),
        Good("A MAÇÃ» é da região de SÃO JOÃO, NÃO é? «MANHÃ»", why="capitals with a tilde", lang="pt"),
        Good("Die Länge beträgt 5 Å…, der Ångström.", why="a unit", lang="de"),
    ),
)
