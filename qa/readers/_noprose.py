"""Stretches of visible text that are no prose whatever the syntax: addresses, formulas, template tags."""

from __future__ import annotations

import re

# Every pattern is bounded or stops at a character it cannot contain, so that each runs in linear time.
_URL = re.compile(r"(?<![\w.+-])(?:[A-Za-z][A-Za-z0-9+.-]{1,15}://|www\.(?=\w)|mailto:)[\w.~:/?#\[\]@!$&'()*+,;=%-]+")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_TEMPLATE = re.compile(r"\{\{[^{}\n]{1,300}\}\}|\{%[^%{}\n]{1,300}%\}")
# A dollar sign opens a formula where no space follows and closes it where none precedes (the rule of pandoc) …
_FORMULA = re.compile(r"(?<![\w\\$])(\$\$?)(?![\s$])([^$]{1,500})(?<!\s)\1(?![\w$])")
# … and what stands between looks like one: sums of money do not.
_FORMAL = re.compile(r"[\\^_={}<>+]|^[A-Za-z]$")
_TRAILING = ".,;:!?'\"*_~"
_BRACKETS = {")": "(", "]": "["}


def may_have_no_prose(text: str) -> bool:
    """Whether `no_prose` might find anything in a text: asked once of a long one."""
    return any(sign in text for sign in ("://", "www.", "mailto:", "@", "$", "{{", "{%"))


def no_prose(text: str) -> list[tuple[int, int]]:
    """Ranges of URLs, e-mail addresses, formulas and template tags, in no particular order."""
    found: list[tuple[int, int]] = []
    if "://" in text or "www." in text or "mailto:" in text:
        found += ((m.start(), _url_end(text, *m.span())) for m in _URL.finditer(text))
    if "@" in text:
        found += (m.span() for m in _MAIL.finditer(text))
    if "$" in text:
        found += (m.span() for m in _FORMULA.finditer(text) if _FORMAL.search(m.group(2)))
    if "{{" in text or "{%" in text:
        found += (m.span() for m in _TEMPLATE.finditer(text))
    return found


def _url_end(text: str, start: int, end: int) -> int:
    """Where the address ends without the punctuation of the sentence around it."""
    surplus = {
        closing: text.count(closing, start, end) - text.count(opening, start, end)
        for closing, opening in _BRACKETS.items()
    }
    while end > start:
        last = text[end - 1]
        if last not in _TRAILING and surplus.get(last, 0) <= 0:
            break
        if last in surplus:
            surplus[last] -= 1
        end -= 1
    return end
