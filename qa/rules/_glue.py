"""Words glued together at an inline boundary: where a link, bold text or code begins or ends.

A translator that works node by node loses the space that stood at the edge of a node.  People lose it too, but
rarely: on a page of theirs fewer than one boundary in a thousand has letters on both sides.  So the page is counted
first, and every glued boundary of a page with many is likelier to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Edit, Finding, Fix
from qa.page import Page
from qa.rules._context import element_start, nouns_have_capitals, share, word_before
from qa.rules._fused import COMMON, RULE_ID, Scene
from qa.text import MASK, Block, Boundary, Span

# Elements that are set close to a word by nature, or that style a part of one.
_CLOSE = frozenset({"sup", "sub", "small", "wbr", "rt", "rb", "q", "span", "font", "img", "abbr", "bdi", "ruby"})
_CODE = frozenset({"code", "kbd", "samp", "var", "tt"})
_ONE, _SOME, _MANY = 0.75, 0.85, 0.93
_FEW = 2  # glued boundaries that a page of a person may have
_FAR = 60
_OPENING = '([«“„"'
_RAISED = frozenset({"sup", "sub"})
_NOTE = re.compile(r"[\[(]\w{1,3}[\])]|[*†‡]")


class _Edge(NamedTuple):
    """A place in a block where an inline element begins or ends and no space stands.

    `left` and `right` are the letters and digits that meet there; either is "" where a mark stands instead.
    `meets`: two elements meet.
    """

    position: int
    opens: bool
    meets: bool
    code: bool
    left: str
    right: str


class _Judge(NamedTuple):
    """What decides whether a boundary is glued: the scene, and how many boundaries of the page have that look."""

    scene: Scene
    many: int

    def small(self, form: str) -> bool:
        """Whether the form is of a closed class."""
        return form.lower() in self.scene.facts.closed

    def known(self, form: str) -> bool:
        """Whether the form stands alone as a word that everybody knows."""
        words = self.scene.words
        return self.small(form) or (len(form) > 1 and form in words and words.frequency(form) >= COMMON)

    def is_one_word(self, edge: _Edge) -> bool:
        """Whether a part of one word is emphasised."""
        whole = edge.left + edge.right
        if whole in self.scene.words or self.scene.words.elsewhere(whole):
            return True
        return self.scene.used_again(whole) and not (self.small(edge.left) or self.small(edge.right))

    def glued(self, edge: _Edge, block: Block) -> bool:
        """Whether a space is due."""
        if edge.right in self.scene.facts.suffixes:
            return False
        if edge.code:
            return self._to_code(edge, block.text)
        if not edge.right:
            return edge.opens and self.small(edge.left)
        if not edge.left:
            return self._to_mark(edge, block.text)
        return not self.is_one_word(edge) and self._to_word(edge)

    def _to_code(self, edge: _Edge, text: str) -> bool:
        outside = edge.left if edge.opens else edge.right
        if edge.meets or not outside.isalpha():
            return False
        elided = not edge.opens and len(outside) < 3 and text[edge.position + len(outside) :][:1] in ("'", "’")
        return elided or self.known(outside)

    def _to_word(self, edge: _Edge) -> bool:
        left, right, words = edge.left, edge.right, self.scene.words
        shorter = min(len(left), len(right))
        small = self.small(left) or self.small(right)
        if left.isdigit() or right.isdigit() or (shorter < 2 and not small):
            return False
        known = self.known(left), self.known(right)
        if not (small or edge.meets) and self._ends_compound(right):
            return False
        if edge.meets or (self.many > _FEW and shorter > 2):
            return any(known)
        if small:
            other = right if self.small(left) else left
            return all(known) or not other[0].islower()
        # Two words of the open classes may be a name, or a compound of which a half is emphasised.
        if left[-1].islower() and right[0].isupper():
            return left in words and right in words
        return not self.scene.facts.compounds and all(known) and shorter > 2

    def _ends_compound(self, right: str) -> bool:
        """Whether the word may be the second half of a compound of which the first is emphasised."""
        if not (self.scene.facts.compounds and right.islower()):
            return False
        capital = nouns_have_capitals(self.scene.page.language)
        return share(self.scene.words, right.capitalize() if capital else right, "NOUN") > 0.5

    def _to_mark(self, edge: _Edge, text: str) -> bool:
        """Whether a mark at the edge of an element lacks the space behind it."""
        mark, right = text[edge.position - 1], edge.right
        before = word_before(text, edge.position - 1)
        if len(right) < 2 or right not in self.scene.words or not (right[0].isupper() and right[1:].islower()):
            return False
        if len(before) < 3 and (mark not in ",!?" or edge.opens):
            return False
        return mark != "." or before.islower()


def glued_elements(scene: Scene, block: Block) -> Iterator[Finding]:
    """The boundaries of the block at which a space is due."""
    many = scene.page.derive(_how_many)
    judge = _Judge(scene, many)
    for edge in _edges(block):
        if judge.glued(edge, block):
            # Only what stands outside the element: its other end may be glued too.
            start = edge.position - max(1, len(edge.left)) if edge.opens or not edge.left else edge.position
            end = edge.position if edge.opens else edge.position + len(edge.right)
            yield Finding(
                RULE_ID,
                Span(start, end),
                "No space stands where an inline element meets the text.",
                tuple(_fixes(edge, block, judge)),
                _MANY if many > 2 * _FEW else _SOME if many > 1 else _ONE,
            )


def _edges(block: Block) -> Iterator[_Edge]:
    """The boundaries with something visible on both sides and no space between."""
    text = block.text
    here: dict[int, list[Boundary]] = {}
    raised = {boundary.position for boundary in block.boundaries if boundary.element in _RAISED}
    label = _label(block)
    for boundary in block.boundaries:
        if boundary.position == label or boundary.position in raised or _NOTE.match(text, boundary.position):
            continue  # a note's mark stands close to its word
        if boundary.element not in _CLOSE and 0 < boundary.position < len(text):
            here.setdefault(boundary.position, []).append(boundary)
    for position, boundaries in sorted(here.items()):
        before, behind = text[position - 1], text[position]
        if block.prose[position - 1] == block.prose[position] == MASK:
            continue  # inside code
        code = any(boundary.element in _CODE for boundary in boundaries)
        opens = any(boundary.opens for boundary in boundaries)
        elements = [boundary.element for boundary in boundaries]
        if elements == ["a", "a"] and behind.isupper():
            continue  # two links side by side are buttons, which a page sets apart
        meets = (opens and any(not boundary.opens for boundary in boundaries)) or len(elements) > len(set(elements))
        if (before.isalnum() or before in ".!?:;," or (code and not before.isspace())) and (
            behind.isalnum() or (opens and behind in _OPENING) or (code and not behind.isspace())
        ):
            left, right = _run(text, position, -1), _run(text, position, 1)
            if left or right:
                yield _Edge(position, opens, meets, code, left, right)


def _label(block: Block) -> int:
    """Where the label of a link that is the whole block ends ("Next" of "NextChapter 3"): pages set it apart; or -1."""
    first, last = block.boundaries[0], block.boundaries[-1]
    if not first.element == last.element == "a" or first.position or last.position < len(block.text):
        return -1
    if any(boundary.element == "a" for boundary in block.boundaries[1:-1]):
        return -1
    return next((boundary.position for boundary in block.boundaries if not boundary.opens), -1)


def _run(text: str, position: int, step: int) -> str:
    """The letters and digits that end (step -1) or begin (step 1) at `position`."""
    at = position
    while abs(at - position) < _FAR and 0 <= (at if step > 0 else at - 1) < len(text):
        if not text[at if step > 0 else at - 1].isalnum():
            break
        at += step
    return text[min(at, position) : max(at, position)]


def _fixes(edge: _Edge, block: Block, judge: _Judge) -> Iterator[Fix]:
    at, right = edge.position, edge.right
    space = Edit(Span(at, at), " ")
    apart = Fix("set apart", (space,))
    mark = block.text[at - 1]
    small = right[:1].isupper() and right[1:].islower() and judge.small(right)
    if not small or (edge.code and edge.opens) or mark in ".!?:":
        yield apart
        return
    lowered = Fix("set apart, in lower case", (space, Edit(Span(at, at + 1), right[0].lower())))
    yield from (lowered, apart) if _goes_on(edge, block) else (apart, lowered)


def _goes_on(edge: _Edge, block: Block) -> bool:
    """Whether the boundary lies inside a sentence: what ends here is no label that begins the block."""
    if edge.opens and not edge.meets:
        return True
    start = element_start(block, edge.position)
    return block.text[max(0, start - _FAR) : start].rstrip()[-1:].isalpha()


def _how_many(page: Page) -> int:
    """How many boundaries of the page have words on both sides."""
    return sum(
        len(edge.left) > 1 and len(edge.right) > 1
        for block in page.blocks
        if block.boundaries
        for edge in _edges(block)
    )
