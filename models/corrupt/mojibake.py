"""A word is written in UTF-8 and read as Windows-1252."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage

_WORD = re.compile(r"[^\s«»“”]*[^\x00-\x7f«»“”\s][^\s«»“”]*")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Decode the bytes of one word with a letter outside ASCII wrongly."""
    places = list(_WORD.finditer(text))
    if not places:
        return None
    match = rng.choice(places)
    broken = "".join(map(_misread, match.group().encode("utf-8")))
    return Damage(
        text[: match.start()] + broken + text[match.end() :],
        match.start(),
        match.start() + len(broken),
        match.group(),
        "mojibake",
    )


def _misread(byte: int) -> str:
    """What a reader of Windows-1252 shows; the five bytes it leaves open show as control characters."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
