"""A damage simulator: clean text in, the same text with one defect as a machine translation leaves it, labelled.

Every module of this package is one operator: a function `damage(text, code, rng)` that models a mechanism, not a
symptom, and gives None where the text offers it no place.  Used to measure the rules (`python -m qa.devtools pairs`)
and to train the corrector.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged text: `text[start:end]` is the defect, `original` what stood there, `rule` who should find it."""

    text: str
    start: int
    end: int
    original: str
    rule: str

    @property
    def clean(self) -> str:
        """The text before the damage."""
        return self.text[: self.start] + self.original + self.text[self.end :]


Operator = Callable[[str, str, random.Random], Damage | None]


@cache
def operators() -> dict[str, Operator]:
    """All operators by name (the module's, with hyphens), sorted."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    modules = ((name, importlib.import_module(f"{__name__}.{name}")) for name in names)
    return {name.replace("_", "-"): module.damage for name, module in modules if hasattr(module, "damage")}
