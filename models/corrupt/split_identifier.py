"""A translator reads identifiers as prose: a space after the dot, or a decimal comma."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage

# What is cut: an address, a dotted name, a version behind a name with a capital; how: the dot, slash or colon.
_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[\w-]+)*")
_NAME = re.compile(
    r"(?<![\w./-])(?:[A-Za-z_]\w+\.)+(?:aspx|bmp|cfg|conf|config|cpp|cs|csproj|css|csv|dll|docx|exe|gz|html|htm|ini|jpg|js"
    r"|json|log|pdf|php|png|ps1|py|pyc|rst|sql|svg|toml|txt|vb|xaml|xls|xlsx|xml|yaml|yml|zip)\b(?![./]\w)"
)
_VERSION = re.compile(
    r"(?:(?<=NET )|(?<=PHP )|(?<=USB )|(?<=Java )|(?<=Python )|(?<=Django ))\d{1,2}\.\d{1,2}(?![\w.])"
)


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Cut one identifier, or give one version a comma."""
    places = [*_ADDRESS.finditer(text), *_NAME.finditer(text), *_VERSION.finditer(text)]
    if not places:
        return None
    match = rng.choice(places)
    whole = match.group()
    if match.re is _VERSION:
        broken = whole.replace(".", ",")
    elif match.re is _ADDRESS:
        broken = whole.replace("://", rng.choice([": //", ":// ", " ://"]), 1)
    else:
        broken = whole.replace(".", ". ") if rng.random() < 0.5 else ". ".join(whole.rsplit(".", 1))
    return Damage(
        text[: match.start()] + broken + text[match.end() :],
        match.start(),
        match.start() + len(broken),
        whole,
        "split-identifier",
    )
