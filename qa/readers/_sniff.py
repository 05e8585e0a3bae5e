"""Which syntax a text is written in, by its content: for standard input and files whose name does not tell."""

from __future__ import annotations

import re

# How much of a text is looked at; a page shows its syntax early.
_SAMPLE = 100_000

_PAGE = re.compile(
    r"\s*(?:<!--[\s\S]{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I
)
_BLOCKS = (
    "address|article|aside|blockquote|dd|details|div|dl|dt|figure|footer|form|h[1-6]|header|li|main|nav|ol|p|section|"
    "table|tbody|td|th|thead|tr|ul"
)
_FRAGMENT = re.compile(rf"\s*<(?:{_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_CLOSED = re.compile(
    rf"</(?:{_BLOCKS}|a|abbr|b|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u)\s*>", re.IGNORECASE
)

# Signs that stand for themselves …
_STRONG = re.compile(
    r"^#{1,6} +\S"  # heading
    r"|^ {0,3}(?:```|~~~)"  # fenced code
    r"|\]\((?:https?:|mailto:|[./#\w-])[^\s()]*(?: \"[^\"\n]*\")?\)"  # link or image
    r"|^ {0,3}\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:? *)?$"  # second line of a table
    r"|(?<![\w*])\*\*(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*\*"  # bold
    r"|(?<![\w`])`[^`\s][^`\n]{0,200}`(?!`)|(?<!`)`[^`\n]{0,200}[^`\s]`(?![\w`])"  # code
    r"|^\[[^\]\n]{1,200}\]: +\S+$"  # link definition
    r"|^(?:---|\+\+\+)\s*\n[\w-]+[ \t]*[:=]",  # front matter
    re.MULTILINE,
)
# … and those that count only together.  Dashes and numbers before lines are found in any text.
_WEAK = re.compile(
    r"^ {0,3}[*+] +\S|^ {0,3}> ?\S|^\|[^\n]*\|[ \t]*$|^(?:===+|---+)[ \t]*$"
    r"|(?<![\w*])\*(?=[^\s*])[^*\n]{1,100}(?<=[^\s*])\*(?![\w*])",
    re.MULTILINE,
)
_ENOUGH = 3


def sniff(text: str) -> str:
    """`html`, `markdown` or `text`."""
    sample = text[:_SAMPLE]
    if "\r" in sample:
        sample = sample.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in sample and _PAGE.match(sample):
        return "html"
    markdown = _STRONG.search(sample) is not None
    if "<" in sample and not markdown and (_FRAGMENT.match(sample) or _CLOSED.search(sample)):
        return "html"
    if markdown or sum(1 for _, _ in zip(_WEAK.finditer(sample), range(_ENOUGH), strict=False)) == _ENOUGH:
        return "markdown"
    return "text"
