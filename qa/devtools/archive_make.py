"""A made archive: clean sentences on pages of several sites, with defects planted at known rates by known causes.

The plan says which site's plugin has which weakness, how often it strikes and since when.  Pages are written as WARC
(HTML), JSONL (Markdown, zstd) and Parquet (HTML); beside them `truth.parquet` has a row for each planted defect.
The same seed makes the same archive, in the same bytes.

Damage is slow and pages are many, so damaged sentences are made once, as a pool, and set among clean ones in blocks
that are new each time.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from models.corrupt import Damage, operators
from qa.archive.extra import needed
from qa.archive.schema import block_hash
from qa.devtools.corpora import heldout_sentences
from qa.devtools.pairs import planted as damaged_sentences

FIRST, DAYS = date(2015, 1, 1), 3653  # ten years
_PARTS = ("modern", "techdocs", "everyday")
_CLEAN = 4000  # sentences of each language
_POOL = 400  # damaged sentences of each cause and language
_TOKENS = re.compile(r" [.,)]|[(¿¡] |['’] ")  # treebanks set spaces where no printer does
# What sites send along with a text, and no reader sees.
_STYLE = " ".join(
    f".{name}{{margin:0 auto;padding:1rem;max-width:72rem;color:#223}}" for name in ("page", "head", "foot")
)
_SCRIPT = " ".join(
    f"window.q=window.q||[];q.push(['{name}',location.href]);" for name in ("view", "time", "scroll", "exit")
)
_CHUNK = 5000  # pages drawn from one generator


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence: visible text, the words in bold, and the damage as a span of the text (`start` < 0: none)."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    start: int = -1
    end: int = -1
    original: str = ""


@dataclass(frozen=True, slots=True)
class Weakness:
    """A kind of damage that is planted: `causes` are those of the report that may come of it."""

    id: str
    rule: str
    causes: tuple[str, ...]
    make: Callable[[Path, str, int], Iterator[Piece]]


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a weakness strikes a block, and since when."""

    weakness: str
    rate: float
    since: date = FIRST


@dataclass(frozen=True, slots=True)
class Site:
    """One site: the languages it is translated into, its plugin's weaknesses, and what is wrong in its template.

    `template` names a weakness and the language whose template it struck.
    """

    name: str
    languages: tuple[str, ...]
    weight: int
    habits: tuple[Habit, ...]
    template: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted defect: `start` and `end` are its place in the visible text of its paragraph, `paragraph`.

    `block` is the hash of that text, as the scan gives it.
    """

    record: str
    site: str
    language: str
    date: date
    weakness: str
    rule: str
    block: str
    paragraph: str
    start: int
    end: int
    original: str
    template: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its blocks from the title down, and what was planted in them."""

    id: str
    site: str
    language: str
    date: date
    blocks: tuple[tuple[Piece, ...], ...]
    planted: tuple[Planted, ...]

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.site}/{self.language}/{self.date:%Y/%m}/{self.id}"


def _by_operator(name: str, data: Path, code: str, wanted: int) -> Iterator[Piece]:
    for damage in damaged_sentences(operators()[name], data, code, wanted, seed=17):
        yield _piece(damage)


def _piece(damage: Damage, bold: tuple[tuple[int, int], ...] = ()) -> Piece:
    return Piece(damage.text, bold, damage.start, damage.end, damage.original)


def _glued(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """The space before a bold word is lost."""
    rng = random.Random(f"glued {code}")
    for sentence in islice(_sentences(data, code), 20 * wanted):
        words = sentence.split(" ")
        places = [
            n for n in range(1, len(words) - 1) if words[n - 1].isalpha() and len(words[n]) > 3 and words[n].isalpha()
        ]
        if places:
            place = rng.choice(places)
            start = len(" ".join(words[: place - 1])) + (place > 1)
            middle = start + len(words[place - 1])
            end = middle + len(words[place])
            text = sentence[:middle] + sentence[middle + 1 :]
            yield Piece(text, ((middle, end),), start, end, sentence[start : end + 1])


def _agreement_at_bold(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """An article does not agree with the bold word after it."""
    for damage in damaged_sentences(operators()["agreement"], data, code, wanted, seed=18):
        gap = damage.text.rfind(" ", damage.start, damage.end)
        if gap > 0:
            yield _piece(damage, ((gap + 1, damage.end),))


def _capital_after_bold(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """A sentence begins anew after a bold word."""
    for damage in damaged_sentences(operators()["boundary-case"], data, code, 3 * wanted, seed=19):
        before = damage.text[: damage.start]
        word = before.rstrip(" ").rpartition(" ")[2]
        if damage.original.isalpha() and before.endswith(" ") and word.isalpha():
            yield _piece(damage, ((damage.start - 1 - len(word), damage.start - 1),))


WEAKNESSES = {
    each.id: each
    for each in (
        Weakness(
            "number-slot",
            "number-slot",
            ("number-grouping", "number-date", "number-list", "number-empty"),
            partial(_by_operator, "number-slot"),
        ),
        Weakness("glued-element", "fused-words", ("glued-element",), _glued),
        Weakness("element-agreement", "agreement", ("element-agreement",), _agreement_at_bold),
        Weakness("element-capital", "boundary-case", ("element-capital",), _capital_after_bold),
        Weakness(
            "identifier",
            "split-identifier",
            ("name-split", "address-split", "version-comma"),
            partial(_by_operator, "split-identifier"),
        ),
        Weakness(
            "placeholder",
            "broken-placeholder",
            ("placeholder-prose", "entity-shown"),
            partial(_by_operator, "broken-placeholder"),
        ),
        Weakness("elision", "elision", ("elision-missing", "apostrophe-space"), partial(_by_operator, "elision")),
        Weakness("loop", "repeated-word", ("decoder-loop",), partial(_by_operator, "repeated-word")),
        Weakness(
            "word-cut", "split-word", ("word-cut", "hyphen-space", "name-cut"), partial(_by_operator, "split-word")
        ),
        Weakness("encoding", "mojibake", ("encoded-twice",), partial(_by_operator, "mojibake")),
    )
}

_ALL = ("de", "en", "es", "fr", "it", "nl", "pt")
SITES = (
    Site(
        "news.example",
        _ALL,
        30,
        (Habit("number-slot", 0.06), Habit("element-agreement", 0.02, date(2019, 3, 1)), Habit("loop", 0.004)),
        template=("number-slot", "fr"),
    ),
    Site(
        "shop.example",
        ("de", "es", "fr", "it"),
        25,
        (Habit("glued-element", 0.05), Habit("number-slot", 0.02), Habit("element-capital", 0.01)),
        template=("glued-element", "de"),
    ),
    Site(
        "docs.example",
        ("de", "fr", "nl", "pt"),
        20,
        (Habit("identifier", 0.05), Habit("placeholder", 0.02, date(2017, 9, 1)), Habit("word-cut", 0.02)),
    ),
    Site(
        "travel.example",
        ("es", "fr", "it", "pt"),
        15,
        (Habit("encoding", 0.05, date(2021, 6, 1)), Habit("elision", 0.03)),
    ),
    Site("blog.example", ("en", "fr", "it"), 7, (Habit("elision", 0.02), Habit("loop", 0.01))),
    Site("wiki.example", _ALL, 3, ()),
)


class Stock:
    """The sentences that pages are made of, by language; damaged ones by weakness too.  Made when first asked for."""

    def __init__(self, data: Path, pool: int = _POOL, clean: int = _CLEAN) -> None:
        self._data, self._pool, self._most = data, pool, clean
        self._clean: dict[str, list[Piece]] = {}
        self._damaged: dict[tuple[str, str], list[Piece]] = {}

    def clean(self, code: str) -> list[Piece]:
        """Clean sentences, some with a word in bold."""
        if code not in self._clean:
            rng = random.Random(f"clean {code}")
            self._clean[code] = [_bold(sentence, rng) for sentence in islice(_sentences(self._data, code), self._most)]
        return self._clean[code]

    def damaged(self, weakness: str, code: str) -> list[Piece]:
        """Damaged sentences; none where the damage finds no place in the language."""
        key = weakness, code
        if key not in self._damaged:
            made = WEAKNESSES[weakness].make(self._data, code, 5 * self._pool)  # some cannot be printed
            self._damaged[key] = list(islice((p for p in made if _printable(p.text)), self._pool))
        return self._damaged[key]


def _sentences(data: Path, code: str) -> Iterator[str]:
    for part in _PARTS:
        yield from (s for s in heldout_sentences(data, code, part) if _printable(s))


def _printable(sentence: str) -> bool:
    """Whether HTML and Markdown show a sentence as it is written, and it was not put together from tokens."""
    plain = sentence.isprintable() and sentence[0].isalpha() and not set(sentence) & set("*_#`[]<>\\~|^")
    return plain and not _TOKENS.search(sentence)


def _bold(sentence: str, rng: random.Random) -> Piece:
    words = sentence.split(" ")
    places = [n for n in range(1, len(words) - 1) if len(words[n]) > 3 and words[n].isalpha()]
    if not places or rng.random() > 0.25:
        return Piece(sentence)
    place = rng.choice(places)
    start = len(" ".join(words[:place])) + 1
    return Piece(sentence, ((start, start + len(words[place])),))


def pages(stock: Stock, records: int, seed: int) -> Iterator[Page]:
    """The pages of the archive, by number."""
    weights = [site.weight for site in SITES]
    for chunk in range(0, records, _CHUNK):
        rng = random.Random(f"{seed} {chunk}")
        for number in range(chunk, min(chunk + _CHUNK, records)):
            site = rng.choices(SITES, weights)[0]
            yield _page(f"p{number:08}", site, rng.choice(site.languages), stock, rng)


def _page(name: str, site: Site, code: str, stock: Stock, rng: random.Random) -> Page:
    day = FIRST + timedelta(days=rng.randrange(DAYS))
    clean = stock.clean(code)
    blocks: list[tuple[Piece, ...]] = [(Piece(rng.choice(clean).text),)]
    planted = []

    def plant(block: tuple[Piece, ...], at: int, weakness: str, template: bool) -> None:
        piece, text = block[at], " ".join(each.text for each in block)
        offset = sum(len(each.text) + 1 for each in block[:at])
        start, end = offset + piece.start, offset + piece.end
        planted.append(
            Planted(
                name,
                site.name,
                code,
                day,
                weakness,
                WEAKNESSES[weakness].rule,
                block_hash(text),
                text,
                start,
                end,
                piece.original,
                template,
            )
        )

    for _ in range(rng.randrange(3, 7)):
        weakness = _strikes(site.habits, day, rng)
        pool = stock.damaged(weakness, code) if weakness else []
        if not weakness or not pool:
            blocks.append(tuple(rng.choices(clean, k=rng.randrange(1, 4))))
            continue
        # A number in another sentence of the block would take part in the mix-up of the slots.
        others = [p for p in rng.choices(clean, k=3) if weakness != "number-slot" or not _has_digit(p.text)]
        block, at = [rng.choice(pool), *others[:2]], 0
        if len(block) > 1 and rng.random() < 0.5 and block[0].text[0].isupper():
            block[0], block[1], at = block[1], block[0], 1
        blocks.append(tuple(block))
        plant(tuple(block), at, weakness, False)
    blocks.append((clean[_number(site.name, 0) % len(clean)],))
    weakness, language = site.template or ("", "")
    if language == code and (pool := stock.damaged(weakness, code)):
        blocks.append((pool[_number(site.name, 1) % len(pool)],))
        plant(tuple(blocks[-1]), 0, weakness, True)
    return Page(name, site.name, code, day, tuple(blocks), tuple(planted))


def _strikes(habits: Sequence[Habit], day: date, rng: random.Random) -> str | None:
    draw = rng.random()
    for habit in habits:
        if day >= habit.since:
            if draw < habit.rate:
                return habit.weakness
            draw -= habit.rate
    return None


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _number(name: str, place: int) -> int:
    return random.Random(f"{name} {place}").randrange(1 << 30)


def as_html(page: Page) -> str:
    """The page as a site would serve it."""
    title, *rest = page.blocks
    body = "\n".join(f"<p>{_rendered(block, '<b>', '</b>', escape)}</p>" for block in rest)
    head = escape(title[0].text)
    about = {
        "@type": "Article",
        "headline": title[0].text,
        "datePublished": str(page.date),
        "inLanguage": page.language,
    }
    data = json.dumps({"@context": "https://schema.org", **about, "url": page.url}, ensure_ascii=False)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head><meta charset="utf-8"><title>{head}</title>\n'
        f'<link rel="canonical" href="{page.url}"><style>{_STYLE}</style>\n'
        f'<script type="application/ld+json">{data}</script><script>{_SCRIPT}</script></head>\n'
        f'<body class="page">\n<article>\n<h1>{head}</h1>\n{body}\n</article>\n</body>\n</html>\n'
    )


def as_markdown(page: Page) -> str:
    """The page as Markdown."""
    title, *rest = page.blocks
    paragraphs = [_rendered(block, "**", "**", str) for block in rest]
    return "\n\n".join([f"# {title[0].text}", *paragraphs]) + "\n"


def _rendered(block: Sequence[Piece], opens: str, closes: str, quote: Callable[[str], str]) -> str:
    return " ".join(_sentence(piece, opens, closes, quote) for piece in block)


def _sentence(piece: Piece, opens: str, closes: str, quote: Callable[[str], str]) -> str:
    parts, last = [], 0
    for start, end in piece.bold:
        parts += [quote(piece.text[last:start]), opens, quote(piece.text[start:end]), closes]
        last = end
    return "".join([*parts, quote(piece.text[last:])])


def make(records: int, out: Path, stock: Stock, seed: int = 1) -> dict[str, Any]:
    """Write an archive of so many pages into a folder, and say what was planted."""
    out.mkdir(parents=True, exist_ok=True)
    counts, blocks = {name: 0 for name in WEAKNESSES}, 0
    with (
        Truth(out / "truth.parquet") as truth,
        _Warc(out / "pages.warc.gz") as warc,
        _Lines(out / "pages.jsonl.zst") as lines,
        _Table(out / "pages.parquet") as table,
    ):
        writers = (warc, lines, table)
        for number, page in enumerate(pages(stock, records, seed)):
            writers[number % 3].write(page)
            blocks += len(page.blocks)
            for each in page.planted:
                truth.write(each)
                counts[each.weakness] += 1
    told = {"records": records, "seed": seed, "blocks": blocks, "planted": counts, "sites": [asdict(s) for s in SITES]}
    (out / "truth.json").write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")
    return told


class _Warc:
    """HTML pages as the responses of a crawl, each a gzip member of its own, as WARC asks for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> _Warc:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, page: Page) -> None:
        """Add a page."""
        answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + as_html(page)
        content = answer.encode("utf-8")
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:qa:{page.id}>\r\nWARC-Target-URI: {page.url}\r\n"
            f"WARC-Date: {page.date}T12:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        self._file.write(gzip.compress(head.encode("utf-8") + content + b"\r\n\r\n", 6, mtime=0))


class _Lines:
    """Markdown pages, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._stream = needed("pyarrow").CompressedOutputStream(str(path), "zstd")

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, page: Page) -> None:
        """Add a page."""
        row = {**_columns(page), "date": str(page.date), "syntax": "markdown", "text": as_markdown(page)}
        self._stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")


class _Rows:
    """Rows of Parquet, some thousands at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, Any]] = []
        self._writer: Any = None

    def __exit__(self, *_: object) -> None:
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == 5000:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._rows:
            table = pa.Table.from_pylist(self._rows)
            self._writer = self._writer or pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._writer.write_table(table)
            self._rows.clear()


class _Table(_Rows):
    """HTML pages in a table."""

    def __enter__(self) -> _Table:
        return self

    def write(self, page: Page) -> None:
        """Add a page."""
        self._add({**_columns(page), "date": page.date, "syntax": "html", "text": as_html(page)})


class Truth(_Rows):
    """What was planted."""

    def __enter__(self) -> Truth:
        return self

    def write(self, planted: Planted) -> None:
        """Add a defect."""
        self._add(asdict(planted))


def _columns(page: Page) -> dict[str, str]:
    return {"id": page.id, "url": page.url, "site": page.site, "language": page.language}
