"""Tags and Markdown that no longer parse, so that their marks show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Safety
from qa.language import Language
from qa.rules._residue import Residue, residue
from qa.text import Span

_LONG = (
    "br|hr|em|strong|span|div|ul|ol|li|td|tr|th|table|tbody|thead|code|pre|h[1-6]|img|sup|sub|kbd|small|big|font"
    "|blockquote"
)
_SHORT = "[abipusq]|tt"
_TAG = re.compile(rf"<(?: ?/ (?:{_LONG}|{_SHORT}) ?| /(?:{_LONG}|{_SHORT}) ?| (?:{_LONG}) ?/? ?|(?:{_LONG})/ )>")
_SWAPPED = re.compile(r"(?<![\w<>])> ?<([A-Za-z][\w-]{2,30})(?![\w-]|[^<>\n]{0,80}>)")

_LINK = re.compile(
    r"\] (?=\((?:https?:/|\.{0,2}/|#[a-z][\w-]*\)|mailto:|[\w./-]+\.(?:mdx?|html?|aspx|png|jpe?g|gif|svg|pdf)\b))"
)
_IMAGE = re.compile(r"(?<!\S)! (?=\[[^\[\]\n]{0,200}\] ?\([^()\s]{1,300}\.(?:png|jpe?g|gif|svg|webp)\))")
_UNCLOSED = re.compile(r"\]\((?:https?://|\.{0,2}/|#)[^\s()<>\[\]]{1,300}(?=$|[ \n])")
_TARGET = re.compile(r"\]\((?=[^()\n]{0,300}?(?: [./#:]|[./#:] ))([\w./#: %?=&~-]{1,300})\)")
_AROUND = re.compile(r" ?([./#:?=&-]) ?")

_STARS = re.compile(r"(?<![*\w])\* \*(?= ?[^\W_][^*\n]{0,200}\* \*(?![*\w]))(?: ?)([^*\n]{1,200}?) ?\* \*")
_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)")
_FENCE = re.compile(r"(?<!`)(?:` ` `|`` `|` ``)(?!`)")
_ALERT = re.compile(r"\[ ?! ?([^\W\d_]{3,14}) ?\]")
_ALERTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")


def markdown(text: str, language: Language) -> Iterator[Residue]:
    """The broken marks of a text."""
    if "<" in text:
        yield from _tags(text)
    if "](" in text or "] (" in text:
        yield from _links(text)
    if "**" in text or "* *" in text:
        yield from _emphasis(text)
    if "[!" in text or "[ !" in text:
        yield from _alerts(text, language)
    if "`" in text:
        for match in _FENCE.finditer(text):
            yield residue(match, "```", "A space breaks the mark of a code block.", 0.93)


def _tags(text: str) -> Iterator[Residue]:
    for match in _TAG.finditer(text):
        whole = match.group().replace(" ", "")
        yield residue(match, whole, f"A space breaks the tag {whole}.", 0.95)
    for match in _SWAPPED.finditer(text):
        before = text[max(0, match.start() - 80) : match.start()]
        if before.rfind("<") <= before.rfind(">"):
            whole = f"<{match[1]}>"
            yield residue(match, whole, f"The brackets around {whole} were swapped.", 0.8, Safety.REVIEW)


def _links(text: str) -> Iterator[Residue]:
    for match in _LINK.finditer(text):
        if "[" in text[max(0, match.start() - 200) : match.start()]:
            yield residue(match, "]", "A space parts the text of a link from its address.", 0.92)
    for match in _IMAGE.finditer(text):
        yield residue(match, "!", "A space breaks an image.", 0.92)
    for match in _UNCLOSED.finditer(text):
        end = match.end() - 1 if text[match.end() - 1] in ".,;:" else match.end()
        whole = text[match.start() : end] + ")" + text[end : match.end()]
        yield residue(match, whole, "The address of a link is not closed.", 0.85, Safety.REVIEW)
    for match in _TARGET.finditer(text):
        whole = _AROUND.sub(r"\1", match[1])
        if " " not in whole:
            yield residue(match, f"]({whole})", "Spaces cut the address of a link.", 0.9)


def _emphasis(text: str) -> Iterator[Residue]:
    """Stars in pairs, the first with the second: a space inside of a pair keeps it from being read as emphasis."""
    for match in _STARS.finditer(text):
        yield residue(match, f"**{match[1].strip()}**", "Spaces break the marks of bold text.", 0.93)
    stars = [match.start() for match in _BOLD.finditer(text)]
    if len(stars) % 2:
        return
    for first, second in zip(stars[::2], stars[1::2], strict=True):
        inner = text[first + 2 : second]
        bare = inner.strip()
        if bare == inner or not bare or "\n" in inner or not any(char.isalpha() for char in bare):
            continue
        if inner[0].isspace() and inner[-1].isspace():
            continue  # some people write ** so ** on purpose
        message = "A space inside keeps bold text from being read as such."
        yield Residue(Span(first, second + 2), f"**{bare}**", message, 0.9)


def _alerts(text: str, language: Language) -> Iterator[Residue]:
    """ "[! NOTE]", and the keyword of a note translated."""
    translated = language.facts("broken-placeholder").get("alerts", {})
    for match in _ALERT.finditer(text):
        word = match[1]
        keyword = word if word in _ALERTS else translated.get(word.lower()) if word.isupper() else None
        if keyword and match.group() != f"[!{keyword}]":
            safety = Safety.SAFE if word == keyword else Safety.REVIEW
            yield residue(match, f"[!{keyword}]", f"The mark of a note must read [!{keyword}].", 0.95, safety)
