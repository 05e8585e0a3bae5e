"""A capital inside what is no word: two articles, an article and a name, or two words, that were run together."""

from __future__ import annotations

from qa.finding import Finding, replace
from qa.ngrams import ngrams
from qa.rules._context import around, fluency, nouns_have_capitals, share, token_before, word_after, word_before
from qa.rules._fused import COMMON, RULE_ID, Scene, apart, joined
from qa.text import Span

_USUAL = 10  # times that two words were seen together
_SURELY = 0.9  # how often a name has its capital


def inner_capital(scene: Scene, at: int) -> Finding | None:
    """What is wrong about the capital letter at `at`, which follows a small one."""
    prose, facts = scene.prose, scene.facts
    left, right = word_before(prose, at), word_after(prose, at)
    start, end = at - len(left), at + len(right)
    if not (right[1:].islower() or right.isupper()) or left + right in scene.words or scene.is_code(start, end):
        return None
    if left in facts.inclusive or right in facts.inclusive:
        return None
    return (
        _two_articles(scene, start, at, end)
        or _article_and_name(scene, start, at, end)
        or _two_words(scene, start, at, end)
    )


def _two_articles(scene: Scene, start: int, at: int, end: int) -> Finding | None:
    """ "leL'", "derDie", "laThe"; and "le cLe", where a piece of a word stands before the second article."""
    prose, facts = scene.prose, scene.facts
    own, other = prose[start:at].lower(), prose[at:end].lower()
    mark = prose[end : end + 1]
    if mark and mark in "'’":
        other, end = other + "'", end + 1
    if (other not in facts.articles and other not in facts.foreign) or not prose[end : end + 2].lstrip()[:1].isalpha():
        return None
    if own not in facts.articles:
        # A piece of a word: the article before it may be the one that was meant.
        before = token_before(prose, start)
        if len(own) > 2 or own in facts.closed or not {before.lower(), other} <= facts.articles:
            return None
        start, own = prose.rindex(before, 0, start), before.lower()
    choices = list(dict.fromkeys([other, own] if other in facts.articles else [own]))
    tongue, (before_it, behind) = scene.page.language, around(prose, start, end)
    choices.sort(key=lambda form: -fluency(tongue, before_it, _before_word(form), behind.lstrip()))
    span = Span(start, end)
    fixes = []
    for choice in choices:
        form = choice.replace("'", mark) if mark == "’" else choice
        form = form[0].upper() + form[1:] if prose[start].isupper() else form
        fixes.append(replace(span, form, f"write “{form}”"))
    return Finding(RULE_ID, span, "Two articles are run together.", tuple(fixes), 0.95)


def _before_word(article: str) -> str:
    return article if article.endswith("'") else article + " "


def _article_and_name(scene: Scene, start: int, at: int, end: int) -> Finding | None:
    """ "amNational": a small word and a name."""
    left, right, words = scene.prose[start:at], scene.prose[at:end], scene.words
    if left not in scene.facts.closed or len(left) < 2 or len(right) < 3:
        return None
    if right in words:
        name = words.capitalised_share(right) >= (_SURELY if left in scene.facts.identifiers else 0.5)
    else:
        name = bool(words.elsewhere(right)) and not nouns_have_capitals(scene.page.language)
        name = name and left not in scene.facts.identifiers
    return apart(start, at, end, 0.85) if name and not scene.used_again(left + right) else None


def _two_words(scene: Scene, start: int, at: int, end: int) -> Finding | None:
    """ "productosQue": a word and the first word of the next piece."""
    left, right, words, facts = scene.prose[start:at], scene.prose[at:end], scene.words, scene.facts
    low = right.lower()
    article = low in facts.articles and len(low) > 2
    everyday = words.frequency(left) >= COMMON or (left in words and len(left) > 4)
    if not left.islower() or not everyday or words.frequency(low) < COMMON or len(low) < 2:
        return None
    if not article and (left in facts.identifiers or len(left) < 3):
        return None
    if low in facts.closed:
        confidence, code = 0.85, not article and scene.names_code(low) and scene.names_code(left)
    else:
        confidence, code = 0.75, len(left) < 4 or scene.names_code(low) or scene.names_code(left)
        noun = share(words, low, "NOUN") > 0.5 and not ngrams(words.language).count(left, low)
        code = code or noun or words.capitalised_share(low) > 0.3
    if code and _of_prose(scene, start, at, end):
        code, confidence = False, 0.85
    return None if code or scene.used_again(left + right) else joined(scene, start, at, end, confidence)


def _of_prose(scene: Scene, start: int, at: int, end: int) -> bool:
    """Whether the two words are usual together, and with the word before or behind ("not wantTo use").

    Then they are no name of program code, though that is made of words, too.
    """
    counts, prose = ngrams(scene.words.language), scene.prose
    left, low = prose[start:at], prose[at:end].lower()
    if low in scene.facts.particles or counts.count(left, low) < _USUAL:
        return False
    before, behind = token_before(prose, start), word_after(prose, end + 1)
    return bool(before and behind) and max(counts.count(before, left, low), counts.count(left, low, behind)) > 0
