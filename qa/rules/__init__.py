"""The registry: every module of this package that has a `RULE`.  Adding a rule adds one file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from qa.errors import UnknownRule
from qa.rule import Rule

# A rule that was renamed keeps answering to its old id.
RENAMED: dict[str, str] = {}


@cache
def registry() -> dict[str, Rule]:
    """All rules by id, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return {module.RULE.id: module.RULE for module in modules if hasattr(module, "RULE")}


def rule(name: str) -> Rule:
    """The rule of this id.  Raises UnknownRule."""
    found = registry().get(RENAMED.get(name, name))
    if found is None:
        raise UnknownRule(f"unknown rule {name!r}: `qa rules` lists them")
    return found
