"""A comment tells the checker to ignore something that it does not find.

The defect has been repaired, the rule renamed or the name misspelt.  A comment that outlives its reason hides the
next defect of its kind, and one that is misspelt hides none.

Fix safety: review. The comment, or the part of it that hides nothing, is deleted.

Not caught: a comment for a rule that does not run (`--select`, `--ignore`, off in the language).
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Finding, Severity
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.text import Block


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Nothing: only when all other rules have spoken is it known which comments hide nothing (`qa.suppress`)."""
    yield from ()


def _gate(page: Page) -> frozenset[int]:
    return frozenset()


RULE = Rule(
    id="unused-suppression",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="markup-residue",
    severity=Severity.INFO,
    mqm="none",
    its="uncategorized",
    examples=(
        Bad(
            "⟦<!-- qa: ignore repeated-wrod -->⟧\n\nThe door is open.",
            fixed="\n\nThe door is open.",
            lang="en",
            syntax="markdown",
        ),
        Bad(
            "<p>The door is open.⟦<!-- qa: ignore unused-suppression -->⟧</p>",
            fixed="<p>The door is open.</p>",
            lang="en",
            syntax="html",
        ),
        Good(
            "<!-- qa: ignore repeated-word -->\n\nA door.",
            why="that rule does not run here",
            lang="en",
            syntax="markdown",
        ),
        Good("Write `<!-- qa: ignore that-rule -->` before it.", why="shown as code", lang="en", syntax="markdown"),
    ),
)
