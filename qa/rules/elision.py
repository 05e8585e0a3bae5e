"""A word keeps, or loses, a form that depends on the word behind it.

A translator that works node by node, or puts a word into a finished sentence, does not look at the neighbour:
French "de entamer", "de «éviter", Italian "un spazio", "a i suoi", Spanish "a el", Portuguese "de as", English
"an user".  The grammar of these meetings is closed; each language brings it as data (`elision.toml`).  The rule
looks across inline boundaries and opening quotation marks, and writes the page's own apostrophe.

Fix safety: safe where grammar leaves one form; review before names and across a quotation mark.

Not caught: an h in words that the lexicon does not know; names with a foreign sound; an article that has the wrong
gender besides (`agreement`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from qa.finding import Finding, Safety, Severity, replace
from qa.language import Language
from qa.lexicon import Lexicon, lexicon
from qa.memory import Memo
from qa.ngrams import ngrams
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._columns import Ask, both, column, each, set_in
from qa.rules._context import begins_sentence, share, word_after, word_before, words_of
from qa.rules._meetings import Change, Contraction, Meeting, grammar, is_spelled, speaks_of
from qa.text import Block, Span

_CLAUSE_END = re.compile(r"[.,;:!?]")
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = 120  # how many characters behind its preposition an infinitive may stand
# How much oftener the right form must stand before a word whose sound its spelling does not tell.
_PROOF = 4


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Meetings of two words that the language's grammar writes otherwise."""
    rows, words = page.language.derive(grammar), words_of(page.language)
    if words is None:
        return
    for meeting in rows.meetings(block.prose):
        contraction = rows.contractions.get(f"{meeting.form} {meeting.second}")
        if contraction:
            yield from _contracted(meeting, contraction, words)
            continue
        for row in rows.changes.get(meeting.form, ()):
            confidence = _confidence(row, meeting, words)
            if confidence:
                yield _changed(row, meeting, confidence, page)
                break
    if rows.elided:
        for match in rows.elided.finditer(block.prose):
            yield from _cut_short(block.prose, match.start(), page, words)


def _gate(page: Page) -> frozenset[int]:
    """Blocks where two words meet of which a row speaks, and those with a number or an apostrophe of that kind."""
    rows, words = page.language.derive(grammar), words_of(page.language)
    if words is None:
        return frozenset()
    forms, judged = page.forms, page.language.derive(_meet)
    common = both(column(page, _first), column(page, _second)[1:])
    places = (at for at in set_in(common) if judged[f"{forms[at].lower()} {forms[at + 1]}"])
    return page.numbers(places) | rows.marked(page)


def _meet(own: Language) -> Memo[bool]:
    """Whether some row has something to say about two words, wherever they meet."""
    rows, words = own.derive(grammar), lexicon(own.code)

    def judge(pair: str) -> bool:
        first, second = pair.split(" ")
        wholes = [whole for whole in rows.changes if whole == first or whole.endswith(" " + first)]
        return pair in rows.contractions or any(
            speaks_of(row, second, words) and _attested(row, whole, second, words)
            for whole in wholes
            for row in rows.changes[whole]
        )

    return Memo(judge, 50_000)


def _first(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: the rows that speak of a word as the first of two."""
    firsts = own.derive(grammar).firsts
    return each(lambda form: firsts.get(form.lower(), 0))


def _second(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: the rows that speak of a word as the second of two, by its first letters."""
    return each(own.derive(grammar).bits_of_second)


def _contracted(meeting: Meeting, row: Contraction, words: Lexicon) -> Iterator[Finding]:
    prose, end = meeting.prose, meeting.end
    if meeting.gap.strip():
        return
    third = word_after(prose, end + 1) if prose[end : end + 1].isspace() else ""
    named = row.name > 0 and third.istitle()
    if (row.kinds or row.unless_form) and not (named or third.islower()):
        return
    if third in row.unless_next or any(r.form in row.unless_form for r in words.analyses(third) if r.share >= 0.1):
        return
    if row.kinds and not named and share(words, third, *row.kinds) < 0.6:
        return
    if row.unless_clause and _clause_has(prose, end, row, words):
        return
    whole = _like(meeting.first, row.pairs[f"{meeting.form} {meeting.second}"])
    span = Span(meeting.start, end)
    yield Finding(
        RULE.id,
        span,
        f"“{prose[meeting.start : end]}” is written “{whole}”: {row.because}.",
        (replace(span, whole, f"write “{whole}”", Safety.REVIEW if named else Safety.SAFE),),
        row.name if named else row.confidence,
    )


def _clause_has(prose: str, start: int, row: Contraction, words: Lexicon) -> bool:
    """Whether a verb of the form that takes a subject before it stands between `start` and the end of the clause."""
    end = _CLAUSE_END.search(prose, start, start + _CLAUSE)
    clause = _WORD.findall(prose, start, end.start() if end else start + _CLAUSE)
    return any(
        # Behind a preposition or another verb it has no subject of its own.
        share(words, before, "ADP", "VERB", "AUX") < 0.5
        and (
            re.fullmatch(row.clause_like, word)
            or any(reading.form == row.unless_clause and reading.share >= 0.3 for reading in words.analyses(word))
        )
        for before, word in pairwise(clause)
    )


def _confidence(row: Change, meeting: Meeting, words: Lexicon) -> float:
    """How likely the row is right about this place; 0.0 where it has nothing to say."""
    second = meeting.second
    if not _placed(row, meeting):
        return 0.0
    if second[0].isdigit():
        wanted = row.numbers and re.fullmatch(row.numbers, second) and not meeting.gap.strip()
        return row.confidence if wanted else 0.0
    if not speaks_of(row, second, words):
        return 0.0
    low = second.lower()
    if row.only:
        return row.confidence
    if is_spelled(row, second):
        behind = meeting.prose[meeting.end : meeting.end + 1]
        return row.confidence if len(second) > 1 or behind in ("-", ".") else 0.0
    if second != low and meeting.gap.strip():
        return 0.0
    if not _attested(row, meeting.form, second, words):
        return 0.0
    return row.confidence if second == low else row.name


def _placed(row: Change, meeting: Meeting) -> bool:
    """Whether what stands before the first word lets the row speak."""
    prose, start = meeting.prose, meeting.start
    begins = begins_sentence(prose, start)
    if (meeting.first[0].isupper() and not begins) or (row.inside and begins):
        return False
    before = prose[max(0, start - 3) : start].rstrip()[-1:]
    return not before or before not in row.unless_after


def _attested(row: Change, form: str, second: str, words: Lexicon) -> bool:
    """Whether the counts of clean text prefer what the row would write, where the spelling of a word may mislead."""
    low = second.lower()
    if row.only or is_spelled(row, second) or not (low[0] in "hy" or second != low or len(low) < 4 or row.proof):
        return True
    counts = ngrams(words.language)
    right = counts.count(*row.forms[form].replace("’", "'").split(), second)
    wrong = counts.count(*form.split(), second)
    return right > (row.proof or _PROOF) * (wrong + 0.5)


def _changed(row: Change, meeting: Meeting, confidence: float, page: Page) -> Finding:
    written = _like(meeting.first, row.forms[meeting.form])
    gap = meeting.gap
    joined = len(gap) - len(gap.lstrip()) if written.endswith("’") else 0
    written = written.replace("’", page.derive(apostrophe))
    safety = Safety.SAFE if confidence >= 0.9 and not gap.strip() else Safety.REVIEW
    changed = Span(meeting.start, meeting.gap_start + joined)
    return Finding(
        RULE.id,
        Span(meeting.start, meeting.end),
        f"“{meeting.first}” is written “{written}” {row.because}.",
        (replace(changed, written, f"write “{written}”", safety),),
        confidence,
    )


def _cut_short(prose: str, at: int, page: Page, words: Lexicon) -> Iterator[Finding]:
    """An elided word whose apostrophe stands at `at`: a space behind it, or a consonant."""
    rows = page.language.derive(grammar)
    first = word_before(prose, at)
    start = at - len(first)
    if first.lower() not in rows.cut or (start and prose[start - 1] in "-'’‘"):
        return
    space = prose[at + 1].isspace()
    second = word_after(prose, at + 1 + space)
    span = Span(start, at + 1 + space + len(second))
    if space:
        sounds = words.onset(second) in ("vowel", "mute-h") and len(second) > 1
        if sounds and share(words, second, "ADP", "CCONJ") < 0.5 and not page.derive(_spaced_apostrophes):
            fix = replace(Span(at + 1, at + 2), "", "close up", Safety.SAFE)
            message = f"No space stands behind the apostrophe of “{first}{prose[at]}”."
            yield Finding(RULE.id, span, message, (fix,), 0.9, category="spacing")
        return
    if words.onset(second) not in ("consonant", "aspirated-h"):
        return
    for row in rows.restorations.get(first.lower(), ()):
        form = row.forms[first.lower()]
        form = form if isinstance(form, str) else form.get(words.gender(second), "")
        if (
            form
            and second not in row.unless
            and share(words, second, *row.kinds) >= 0.9
            and not ngrams(words.language).count(f"{first}'", second)
        ):
            form = _like(first, form)
            fix = replace(Span(start, at + 1), form + " ", f"write “{form}”")
            message = f"“{first}{prose[at]}” is written “{form}” {row.because}."
            yield Finding(RULE.id, span, message, (fix,), row.confidence)
            return


def apostrophe(page: Page) -> str:
    """The apostrophe that the page writes most often."""
    straight, curly = (sum(block.text.count(mark) for block in page.blocks) for mark in "'’")
    return "’" if curly > straight else "'"


def _spaced_apostrophes(page: Page) -> bool:
    """Whether the page makes a habit of a space behind the apostrophe, as old books do."""
    spaced, marks = (
        sum(block.text.count(f"'{behind}") + block.text.count(f"’{behind}") for block in page.blocks)
        for behind in (" ", "")
    )
    return spaced > 2 and spaced > 0.1 * marks


def _like(model: str, form: str) -> str:
    """`form` with a capital where `model` has one."""
    return form[0].upper() + form[1:] if model[0].isupper() else form


RULE = Rule(
    id="elision",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="elision",
    severity=Severity.MAJOR,
    mqm="fluency/grammar/function-words",
    its="grammar",
    facts="elision",
    native=True,
    examples=(
        Bad("Elle promet ⟦de entamer⟧ la réforme.", fixed="Elle promet d'entamer la réforme.", lang="fr"),
        Bad(
            "Il conseille ⟦de «éviter⟧ le pire» aujourd’hui.",
            fixed="Il conseille d’«éviter le pire» aujourd’hui.",
            lang="fr",
        ),
        Bad("Elle ⟦ne a⟧ pas répondu.", fixed="Elle n'a pas répondu.", lang="fr"),
        Bad("Le port ⟦de le⟧ Havre reste ouvert.", fixed="Le port du Havre reste ouvert.", lang="fr"),
        Bad("Il songe ⟦à les⟧ enfants.", fixed="Il songe aux enfants.", lang="fr"),
        Bad("C'est ⟦ma amie⟧ d'enfance.", fixed="C'est mon amie d'enfance.", lang="fr"),
        Bad("Cette ⟦d' une⟧ voix basse.", fixed="Cette d'une voix basse.", lang="fr"),
        Bad("Cercano ⟦un spazio⟧ libero.", fixed="Cercano uno spazio libero.", lang="it"),
        Bad("Ha chiesto ⟦a i⟧ suoi amici.", fixed="Ha chiesto ai suoi amici.", lang="it"),
        Bad("La puerta ⟦de el⟧ jardín.", fixed="La puerta del jardín.", lang="es"),
        Bad("Padres ⟦y hijos⟧ vinieron.", fixed="Padres e hijos vinieron.", lang="es"),
        Bad("A cor ⟦de as⟧ casas.", fixed="A cor das casas.", lang="pt"),
        Bad("It took ⟦a hour⟧.", fixed="It took an hour.", lang="en"),
        Bad("She wrote ⟦an UN⟧ report.", fixed="She wrote a UN report.", lang="en"),
        Good(
            "Le héros de Hongrie dit que oui, et prend le temps de le voir.",
            why="aspirated h; oui; a pronoun",
            lang="fr",
        ),
        Good("Prends-le avec toi, est-ce un ami ?", why="what stands behind a hyphen keeps its vowel", lang="fr"),
        Good("Cerca un posto nello zaino, gli amici lo aiutano.", why="right articles; a pronoun", lang="it"),
        Good("Padres e hijos, siete u ocho, agua y hielo de El Salvador.", why="right forms, and a name", lang="es"),
        Good("Apesar de o governo decidir amanhã.", why="the article belongs to the subject", lang="pt"),
        Good("An hour at a university with an MP and a UN envoy.", why="sound, not letter", lang="en"),
    ),
)
