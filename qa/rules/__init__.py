"""The registry: every module of this package that has a `RULE`.  Adding a rule adds one file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from qa.errors import UnknownRule
from qa.rule import CATEGORIES, Rule

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
        from difflib import get_close_matches

        near = get_close_matches(name, registry(), 1)
        hint = f"did you mean {near[0]!r}?" if near else "`qa rules` lists them"
        raise UnknownRule(f"unknown rule {name!r}: {hint}")
    return found


def rule_ids(names: Iterable[str]) -> frozenset[str]:
    """The ids that rule names and categories stand for.  Raises UnknownRule.

    A name that is both a rule's and a category's means the rule; `category:NAME` always means the category.
    """
    ids: set[str] = set()
    for name in names:
        category = name.removeprefix("category:")
        if category in CATEGORIES and (category != name or name not in registry()):
            ids |= {each.id for each in registry().values() if each.category == category}
        else:
            ids.add(rule(name).id)
    return frozenset(ids)
