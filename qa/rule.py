"""What a rule is: a pure function with its explanation, its metadata and its examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.finding import Finding, Severity
from qa.measured import Measured, measured
from qa.text import Block

if TYPE_CHECKING:
    from qa.language import Language
    from qa.page import Page

# The categories of the report's contract (docs/report.md).
CATEGORIES = (
    "number-placeholder",
    "leftover",
    "fused-words",
    "split-word",
    "agreement",
    "elision",
    "redundant-word",
    "missing-word",
    "repeated-word",
    "case",
    "punctuation",
    "spacing",
    "markup-residue",
    "encoding",
    "word-order",
    "number-format",
    "untranslated",
    "typography",
)


@dataclass(frozen=True, slots=True)
class Bad:
    """A text with one defect between ⟦ and ⟧; its first repair gives `fixed` (None: reported without a repair)."""

    text: str
    fixed: str | None
    lang: str
    syntax: str = "text"
    source: str | None = None  # the language it was translated from, where the rule needs to be told


@dataclass(frozen=True, slots=True)
class Good:
    """A text on which the rule must stay silent, and why one might think otherwise."""

    text: str
    why: str
    lang: str
    syntax: str = "text"
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the registry.

    `id` is the module's name with hyphens and a promise to users.  `facts` names the data a language must bring
    (`qa/languages/<code>/<facts>.toml`): a language without it is not covered; None: any language.  `mqm` and
    `its` are the rule's places in the MQM error typology and among the ITS 2.0 localization quality issue types.
    `telltale` marks near-certain signs of machine translation, which make weaker findings on the page likelier.
    `native` rules judge words by the page's language: they say nothing of a sentence in another one.
    `gate` gives the numbers of a page's blocks in which `find` may find something; None: it is asked for each.
    """

    id: str
    find: Callable[[Block, Page], Iterator[Finding]]
    doc: str
    category: str
    severity: Severity
    mqm: str
    its: str
    examples: tuple[Bad | Good, ...]
    facts: str | None = None
    default: bool = True
    telltale: bool = False
    native: bool = False
    gate: Callable[[Page], frozenset[int]] | None = None

    def covers(self, language: Language) -> bool:
        """Whether the language brings the data this rule needs."""
        return self.facts is None or language.has(self.facts)

    def on_by_default(self, code: str) -> bool:
        """Whether the rule runs unasked: only where its measured precision in the language allows it."""
        return self.default and self.measured(code).trusted

    def measured(self, code: str) -> Measured:
        """What was measured of the rule in a language."""
        return measured(self.id, code)

    @property
    def summary(self) -> str:
        """The first sentence of the explanation."""
        return self.doc.strip().split("\n", 1)[0]
