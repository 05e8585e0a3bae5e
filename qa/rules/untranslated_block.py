"""A sentence, heading or whole block stands in another language than the page.

The engine skipped it, or a node that the page's author did not offer for translation was left.  The words' frequencies
in the configured languages decide, since a language detector is unreliable on so little text.

Fix safety: review, and only for a heading of one to three words that the bilingual lists know.  A sentence is reported
without a repair: translating is not this checker's work.

Not caught: quotations, titles, names and code, which may be in any language; fewer than four words, except in headings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qa.bilingual import translations
from qa.finding import Finding, Fix, Severity, replace
from qa.function_words import function_words
from qa.language import language
from qa.lexicon import lexicon
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._foreign import suspects
from qa.rules._sentences import foreign_blocks, foreign_sentences
from qa.source import source
from qa.text import Block, Span

_HEADINGS = frozenset({"heading", "title", "caption", "list-item", "attribute"})
_LONGEST = 3  # words of a block that is judged as a heading
_HEADING = 0.65
_RATIO = 20.0  # so many times commoner a word must be in the other language
_COGNATE = 5  # letters that a word and its translation begin with
_NAME = 0.5  # share of capitals in mid-sentence from which on a word is a name


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Foreign sentences, and short blocks of foreign words."""
    for foreign in foreign_sentences(block, page):
        name = language(foreign.language).name if foreign.language else "another language"
        yield Finding(RULE.id, foreign.span, f"This is {name} and was left untranslated.", (), foreign.probability)
    if block.kind in _HEADINGS and 0 < len(block.forms) <= _LONGEST:
        yield from _heading(block, page)


def _gate(page: Page) -> frozenset[int]:
    """Blocks with a foreign sentence, and short ones."""
    found = page.derive(foreign_blocks)
    return frozenset(
        number
        for number, block in enumerate(page.blocks)
        if id(block) in found or (block.kind in _HEADINGS and len(block.forms) <= _LONGEST)
    )


def _heading(block: Block, page: Page) -> Iterator[Finding]:
    """A short block of words that another language has and the page's own has not."""
    if len(block.text.split()) != len(block.forms) or not block.text[0].isupper():
        return  # a heading in small letters is a command
    known, own = page.derive(suspects), lexicon(page.language.code)
    found = [known[form.lower()] for form in block.forms]
    codes = {suspect.rates[0][0] for suspect in found if suspect and not suspect.homograph}
    code = source(page).best or (codes.pop() if len(codes) == 1 else "")
    closed = function_words(language(code)).readings if code else {}
    translated = []
    for index, (form, suspect) in enumerate(zip(block.forms, found, strict=True)):
        if index and form in closed:
            continue
        if suspect is None or suspect.homograph or _RATIO * own.frequency(form) >= suspect.rate(code):
            return
        if _may_be_name(form, index, code, page):
            return
        options = translations(form.lower(), code, page.language.code)
        if not options or options[0].lower() == form.lower():
            return
        if source(page).best is None and not _alike(form.lower(), options[0].lower()):
            return  # "Slack" may be a product, "Description" is none
        translated.append(options[0])
    span = Span(block.words[0].start, block.words[-1].end)
    fixes: tuple[Fix, ...] = ()
    if len(block.forms) == 1:
        text = translated[0]
        if block.forms[0][0].isupper():
            text = text[0].upper() + text[1:]
        fixes = (replace(span, text, f"write “{text}”"),)
    yield Finding(RULE.id, span, f"This is {language(code).name} and was left untranslated.", fixes, _HEADING)


def _may_be_name(form: str, index: int, code: str, page: Page) -> bool:
    """Whether the word is a name in its language, stands in a title, or is written as a name elsewhere on the page."""
    if lexicon(code).capitalised_share(form.lower()) > _NAME or (index and form[0].isupper()):
        return True
    return page.derive(_capitals)[form] > page.derive(_openings)[form]


def _capitals(page: Page) -> Counter[str]:
    return Counter(form for block in page.blocks for form in block.forms if form[0].isupper())


def _openings(page: Page) -> Counter[str]:
    """How often each word opens a block: there a capital says nothing."""
    return Counter(block.forms[0] for block in page.blocks if block.forms)


def _alike(one: str, other: str) -> bool:
    """Whether two words are visibly the same word in two languages."""
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= _COGNATE and 2 * common >= len(one)


RULE = Rule(
    id="untranslated-block",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="untranslated",
    severity=Severity.MAJOR,
    mqm="accuracy/untranslated",
    its="untranslated",
    facts="function-words",
    examples=(
        Bad(
            "Le jardin est ouvert. ⟦The gate closes when the sun goes down.⟧ Merci de votre visite.",
            fixed=None,
            lang="fr",
        ),
        Bad("⟦La porta si chiude quando il sole tramonta.⟧", fixed=None, lang="es"),
        Bad("⟦Das Tor wird geschlossen, wenn die Sonne untergeht.⟧", fixed=None, lang="nl"),
        Bad("⟦La porte ferme quand le soleil se couche.⟧", fixed=None, lang="it"),
        Bad("⟦La puerta se cierra cuando se pone el sol.⟧", fixed=None, lang="pt"),
        Bad("⟦De poort gaat dicht wanneer de zon ondergaat.⟧", fixed=None, lang="de"),
        Bad("The garden is open. ⟦O portão fecha quando o sol se põe.⟧", fixed=None, lang="en"),
        Bad("⟦Brama zamyka się, kiedy zachodzi słońce, a potem wszyscy wracają.⟧", fixed=None, lang="fr"),
        Bad(
            "# ⟦Description⟧\n\nEl jardín está abierto.",
            fixed="# Descripción\n\nEl jardín está abierto.",
            lang="es",
            syntax="markdown",
        ),
        Good("Elle répondit : « The gate closes when the sun goes down. »", why="a quotation", lang="fr"),
        Good("Scrisse The Sun Also Rises e A Farewell to Arms.", why="titles", lang="it"),
        Good("Leyó un artículo de The New York Times.", why="a name", lang="es"),
        Good("Er rief: „Close the gate when the sun goes down!“", why="a quotation", lang="de"),
        Good("Vive na Rua do Sol, em Vila Real de Santo António.", why="an address", lang="pt"),
        Good("De poort gaat dicht wanneer de zon ondergaat.", why="Dutch", lang="nl"),
        Good("The Journal of the Royal Society of Medicine printed it.", why="a title", lang="en"),
    ),
)
