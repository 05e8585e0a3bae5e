"""A translator reads placeholders and markup as prose, or an entity is escaped twice.

Where a text has a placeholder or a tag, that is broken; else the operator gives it one: the clean text then holds the
whole placeholder in the place of a number or a name, as a message of a program would.
"""

from __future__ import annotations

import html
import random
import re

from models.corrupt import Damage

_BREAKS = {
    "%s": ("% s",),
    "%d": ("% d",),
    "%1$s": ("%1 $ s", "% 1 $ s", "%1$ s"),
    "%(name)s": ("% (name) s", "%(name) s"),
    "{0}": ("{ 0 }", "{0 }", "{ 0}"),
    "${name}": ("$ {name}", "${ name }"),
    "[3]": ("[3 ]", "[ 3]"),
    "</b>": ("</ b>", "< /b>", "< / b>"),
    "<br>": ("< br>",),
}
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][^\W\d_]{2,}(?=[ ,.;])")
_ACCENTED = re.compile(r"[àâäãáåçéèêëîïíìñôöóòõûùüúßœ«»’]")
_WHOLE = re.compile("|".join(map(re.escape, _BREAKS)))


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Break a placeholder, or let an entity show."""
    if whole := list(_WHOLE.finditer(text)):
        match = rng.choice(whole)
        return _damage(text, match.start(), match.group(), rng.choice(_BREAKS[match.group()]), match.end())
    accented, names = list(_ACCENTED.finditer(text)), list(_NAME.finditer(text))
    if accented and (not names or rng.random() < 0.5):
        match = rng.choice(accented)
        return _damage(text, match.start(), match.group(), _entity(match.group(), rng), match.end())
    if not names:
        return None
    match = rng.choice(names)
    placeholder = rng.choice(["%s", "%1$s", "%(name)s", "{0}", "${name}"])
    return _damage(text, match.start(), placeholder, rng.choice(_BREAKS[placeholder]), match.end())


def _entity(char: str, rng: random.Random) -> str:
    named = char.encode("ascii", "xmlcharrefreplace").decode()
    from html.entities import codepoint2name

    name = codepoint2name.get(ord(char))
    written = f"&{name};" if name and rng.random() < 0.7 else named
    assert html.unescape(written) == char
    return written


def _damage(text: str, start: int, whole: str, broken: str, end: int) -> Damage:
    return Damage(text[:start] + broken + text[end:], start, start + len(broken), whole, "broken-placeholder")
