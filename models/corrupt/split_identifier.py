"""A translator reads identifiers as prose: a space after the dot, or a decimal comma.

Where a text has an identifier or a version, that is broken; else the operator gives it one in the place of a name.
"""

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

# Identifiers to plant, in the place of a name inside of a sentence.
_PLANTED = (
    "Report.aspx",
    "Orders.config",
    "Backup.ps1",
    "settings.yml",
    "System.Xml.Schema",
    "https://www.example.org",
)
_PERSON = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][^\W\d_]{2,}(?=[ ,;])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Cut one identifier, or give one version a comma."""
    places = [*_ADDRESS.finditer(text), *_NAME.finditer(text), *_VERSION.finditer(text)]
    match = rng.choice(places or list(_PERSON.finditer(text)) or [None])
    if match is None:
        return None
    whole = match.group() if places else rng.choice(_PLANTED)
    if "://" in whole:
        broken = whole.replace("://", rng.choice([": //", ":// ", " ://"]), 1)
    elif whole[0].isdigit():
        broken = whole.replace(".", ",")
    else:
        broken = whole.replace(".", ". ") if rng.random() < 0.5 else ". ".join(whole.rsplit(".", 1))
    return Damage(
        text[: match.start()] + broken + text[match.end() :],
        match.start(),
        match.start() + len(broken),
        whole,
        "split-identifier",
    )
