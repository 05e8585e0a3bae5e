"""Names that are written as one word and that a translator cuts in two."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import tomli

FILE = Path(__file__).parent / "data" / "products.toml"


class Product(NamedTuple):
    """A name and its second part; `ordinary`: both parts are everyday words as well."""

    name: str
    first: str
    second: str
    ordinary: bool


@cache
def products() -> dict[str, tuple[Product, ...]]:
    """The names by their first part, as it is written."""
    data = tomli.loads(FILE.read_text(encoding="utf-8"))
    found: dict[str, tuple[Product, ...]] = {}
    for kind in ("names", "ordinary"):
        for entry in data[kind]:
            first, second = entry.split("|")
            product = Product(first + second, first, second, kind == "ordinary")
            found[first] = (*found.get(first, ()), product)
    return found
