"""The pages of a made archive: which site's plugin has which weakness, how often it strikes and since when."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.archive.schema import block_hash
from qa.devtools.archive_stock import WEAKNESSES, Piece, Stock

FIRST, DAYS = date(2015, 1, 1), 3653  # ten years
_CHUNK = 5000  # pages drawn from one generator


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
